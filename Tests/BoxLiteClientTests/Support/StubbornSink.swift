import ExecEngine
import ExecModel
import Synchronization
import TestSupport

/// Takes a number of bytes, then nothing until it is let, and from then on a little at a time.
final class StubbornSink: ExecutionSink {
  private struct State {
    var bytes: [UInt8] = []
    var limit: Int
    var refusals = 0
    var process: (any BoxProcess)?
  }

  let isFull = Gate()
  let hasEnded = Gate()
  private let state: Mutex<State>

  init(limit: Int) { state = Mutex(State(limit: limit)) }

  var text: String { state.withLock { String(decoding: $0.bytes, as: UTF8.self) } }
  var refusals: Int { state.withLock { $0.refusals } }

  /// Takes on, a hundred thousand bytes and a refusal at a time.
  func `let`(_ process: any BoxProcess) {
    state.withLock { state in
      state.process = process
      state.limit += 100_000
    }
    process.resumeReading(.stdout)
  }

  func started(processIdentifier: Int32?) {}

  func output(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int {
    let copy = bytes.withUnsafeBytes { Array($0) }
    let (taken, process) = state.withLock { state in
      let taken = min(copy.count, state.limit - state.bytes.count)
      state.bytes += copy[..<taken]
      if taken < copy.count { state.refusals += 1 }
      return (taken, state.process)
    }
    guard taken < copy.count else { return taken }
    isFull.open()
    if let process { self.let(process) }
    return taken
  }

  func gap(_ stream: ExecStream, _ gap: OutputGap) {}
  func endOfStream(_ stream: ExecStream) {}
  func emptied(_ stream: ExecStream) {}
  func failed(_ stream: ExecStream, errno: Int32) {}
  func exited(_ status: ExitStatus) { hasEnded.open() }
  func connectionLost() { hasEnded.open() }
}
