import Glibc
import Synchronization

/// The readers whose descriptors may be closed while they are not in use, so that what a process holds open does not
/// grow with the executions it knows.
///
/// The one that was opened first is closed first: it is opened again at its next use, which costs a few system calls.
final class OpenJournals: Sendable {
  /// All readers of this process that may be closed.
  static let shared = OpenJournals(limit: standardLimit())

  private let limit: Int
  private let state = Mutex(State())

  private struct State {
    var readers: [UInt64: Weak] = [:]
    var next: UInt64 = 0
    /// Every number below is closed already.
    var oldest: UInt64 = 0
  }

  private struct Weak {
    weak var reader: JournalReader?
  }

  /// - Parameter limit: how many readers stay open; each takes two to four descriptors.
  init(limit: Int) { self.limit = limit }

  /// A sixteenth of what the process may open, as readers: at most 64, so at most 256 descriptors.
  static func standardLimit() -> Int {
    var limits = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits) == 0 else { return 64 }
    return Int(min(64, max(2, limits.rlim_cur / 16)))
  }

  /// Takes a reader that was opened just now, and closes the oldest when there are too many.
  func opened(_ reader: JournalReader) {
    let closed = state.withLock { state in
      state.readers[state.next] = Weak(reader: reader)
      state.next += 1
      return takeOldest(&state, leaving: limit)
    }
    for reader in closed { reader.rest() }
  }

  /// Closes all of them, when descriptors have run out.
  func closeAll() {
    for reader in state.withLock({ takeOldest(&$0, leaving: 0) }) { reader.rest() }
  }

  private func takeOldest(_ state: inout State, leaving count: Int) -> [JournalReader] {
    var taken: [JournalReader] = []
    while state.readers.count > count, state.oldest < state.next {
      if let reader = state.readers.removeValue(forKey: state.oldest)?.reader { taken.append(reader) }
      state.oldest += 1
    }
    return taken
  }
}
