import Glibc
import Linux
import Synchronization

/// The readers whose descriptors may be closed while unused, so that the number of open descriptors does not grow with
/// the number of known executions.
///
/// The one opened first is closed first; opening it again at its next use costs a few system calls.
final class OpenJournals: Sendable {
  /// All closable readers of this process.
  static let shared = OpenJournals(limit: standardLimit())

  private let limit: Int
  private let state = Mutex(State())

  private struct State {
    var readers: [UInt64: Weak] = [:]
    var next: UInt64 = 0
    /// All readers with lower numbers are closed already.
    var oldest: UInt64 = 0
  }

  private struct Weak {
    weak var reader: JournalReader?
  }

  /// - Parameter limit: the number of readers that stay open; each takes two to four descriptors.
  init(limit: Int) { self.limit = limit }

  /// A sixteenth of the process's descriptor limit, as readers: at most 64, so at most 256 descriptors.
  static func standardLimit() -> Int {
    guard let limit = DescriptorLimit.current else { return 64 }
    return Int(min(64, max(2, limit / 16)))
  }

  /// Adds a reader that was just opened, and closes the oldest when there are too many.
  func opened(_ reader: JournalReader) {
    let closed = state.withLock { state in
      state.readers[state.next] = Weak(reader: reader)
      state.next += 1
      return takeOldest(&state, leaving: limit)
    }
    for reader in closed { reader.rest() }
  }

  /// Closes all of them, after descriptors have run out.
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
