import ExecEngine
import ExecModel
import Synchronization
import Testing

/// Records what a box reports, and lets a test wait for it; can be told to take less than it is offered.
final class RecordingSink: ExecutionSink {
  /// One report.
  enum Entry: Hashable {
    case started
    case output(ExecStream, Int)
    case end(ExecStream)
    case emptied(ExecStream)
    case failed(ExecStream, Int32)
    case exited(ExecModel.ExitStatus)
    case gap(ExecStream, OutputGap)
    case lost
  }

  /// Everything reported so far.
  struct Record {
    var processIdentifier: Int32?
    var stdout: [UInt8] = []
    var stderr: [UInt8] = []
    var entries: [Entry] = []
    var status: ExecModel.ExitStatus?
    /// The streams that the command has.
    var streams = StreamSet.both

    /// Whether nothing more will be reported.
    var isOver: Bool { isLost || status != nil && streams.streams.allSatisfy(hasClosed) }
    var text: String { String(decoding: stdout, as: UTF8.self) }
    var errorText: String { String(decoding: stderr, as: UTF8.self) }
    var isLost: Bool { entries.contains(.lost) }

    func hasClosed(_ stream: ExecStream) -> Bool {
      entries.contains(.end(stream)) || entries.contains(.emptied(stream))
    }
  }

  private struct Waiter {
    let identifier: Int
    let isDone: @Sendable (Record) -> Bool
    let continuation: CheckedContinuation<Bool, Never>
  }

  private struct State {
    var record = Record()
    var room = Int.max
    var waiters: [Waiter] = []
    var nextWaiter = 0
  }

  private let state: Mutex<State>

  /// Takes at most `room` bytes in all, before ``allow(_:)``.
  init(room: Int = .max) { state = Mutex(State(room: room)) }

  var record: Record { state.withLock { $0.record } }

  /// Says which streams the command has.
  func expect(_ streams: StreamSet) { state.withLock { $0.record.streams = streams } }

  /// Makes room for more bytes.
  func allow(_ bytes: Int) { state.withLock { $0.room = bytes } }

  /// Waits until the record has it; false, and a fault, when the command is over or the test's time is up before.
  @discardableResult
  func wait(
    for isDone: @escaping @Sendable (Record) -> Bool, sourceLocation: SourceLocation = #_sourceLocation
  ) async -> Bool {
    if await holds(isDone) { return true }
    Issue.record(
      "it never came: \(record.entries.suffix(20)), \(record.text.suffix(200))", sourceLocation: sourceLocation)
    return false
  }

  private func holds(_ isDone: @escaping @Sendable (Record) -> Bool) async -> Bool {
    let identifier = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = state.withLock { state in
          if isDone(state.record) { return true }
          if state.record.isOver || Task.isCancelled { return false }
          state.waiters.append(Waiter(identifier: identifier, isDone: isDone, continuation: continuation))
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        state.waiters.firstIndex { $0.identifier == identifier }.map { state.waiters.remove(at: $0) }
      }
      waiter?.continuation.resume(returning: false)
    }
  }

  private func update(_ change: (inout Record) -> Void) {
    let (done, over) = state.withLock { state in
      change(&state.record)
      let done = state.waiters.filter { $0.isDone(state.record) }
      state.waiters.removeAll { waiter in done.contains { $0.identifier == waiter.identifier } }
      let over = state.record.isOver ? state.waiters : []
      if state.record.isOver { state.waiters = [] }
      return (done, over)
    }
    for waiter in done { waiter.continuation.resume(returning: true) }
    for waiter in over { waiter.continuation.resume(returning: false) }
  }

  func started(processIdentifier: Int32?) {
    update {
      $0.processIdentifier = processIdentifier
      $0.entries.append(.started)
    }
  }

  func output(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int {
    let offered = bytes.withUnsafeBytes { Array($0) }
    let taken = state.withLock { state in
      let taken = min(state.room, offered.count)
      if state.room != .max { state.room -= taken }
      return taken
    }
    update { record in
      record.entries.append(.output(stream, taken))
      switch stream {
      case .stdout: Self.keep(offered.prefix(taken), in: &record.stdout)
      case .stderr: Self.keep(offered.prefix(taken), in: &record.stderr)
      }
    }
    return taken
  }

  /// Bytes of a stream that are kept: a flood must not fill the memory while its test waits for its turn.
  private static let most = 16 << 20

  private static func keep(_ bytes: ArraySlice<UInt8>, in all: inout [UInt8]) {
    all += bytes.prefix(max(0, most - all.count))
  }

  func endOfStream(_ stream: ExecStream) { update { $0.entries.append(.end(stream)) } }

  func emptied(_ stream: ExecStream) { update { $0.entries.append(.emptied(stream)) } }

  func failed(_ stream: ExecStream, errno: Int32) { update { $0.entries.append(.failed(stream, errno)) } }

  func exited(_ status: ExecModel.ExitStatus) {
    update {
      $0.status = status
      $0.entries.append(.exited(status))
    }
  }

  func gap(_ stream: ExecStream, _ gap: OutputGap) { update { $0.entries.append(.gap(stream, gap)) } }

  func connectionLost() { update { $0.entries.append(.lost) } }
}
