import ExecEngine
import ExecModel
import Synchronization
import TestSupport

/// Takes so many bytes and no more until it is told to, and wakes a test when it has no room and at the end.
final class SlowSink: ExecutionSink {
  private struct State {
    var room: Int
    var bytes: [UInt8] = []
    var offers = 0
    var status: ExitStatus?
  }

  private let state: Mutex<State>
  let wake = WakeUp()

  init(room: Int) { state = Mutex(State(room: room)) }

  var bytes: [UInt8] { state.withLock { $0.bytes } }
  var status: ExitStatus? { state.withLock { $0.status } }
  /// Whether something was offered and not all of it taken.
  var isFull: Bool { state.withLock { $0.room == 0 && $0.offers > 0 } }

  func allow(_ count: Int) {
    state.withLock { state in
      state.room = count
      state.offers = 0
    }
  }

  func output(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int {
    let offered = bytes.withUnsafeBytes { Array($0) }
    let taken = state.withLock { state in
      let taken = min(state.room, offered.count)
      if stream == .stdout { state.bytes += offered[..<taken] }
      state.room -= taken
      if taken < offered.count { state.offers += 1 }
      return taken
    }
    if taken < offered.count { wake.signal() }
    return taken
  }

  func exited(_ status: ExitStatus) {
    state.withLock { $0.status = status }
    wake.signal()
  }

  func started(processIdentifier: Int32?) {}
  func gap(_ stream: ExecStream, _ gap: OutputGap) {}
  func endOfStream(_ stream: ExecStream) {}
  func emptied(_ stream: ExecStream) {}
  func failed(_ stream: ExecStream, errno: Int32) {}
  func connectionLost() { wake.signal() }
}
