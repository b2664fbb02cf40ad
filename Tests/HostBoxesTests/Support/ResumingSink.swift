import ExecEngine
import ExecModel
import Synchronization

/// Refuses some reports, and asks for them again before it has returned.
final class ResumingSink: ExecutionSink {
  private struct State {
    var refusals: Int
    var process: (any BoxProcess)?
  }

  let recorder = RecordingSink()
  private let state: Mutex<State>

  init(refusing count: Int) { state = Mutex(State(refusals: count)) }

  /// Makes the process known, and resumes what was refused before.
  func resume(with process: any BoxProcess) {
    state.withLock { $0.process = process }
    process.resumeReading(.stdout)
  }

  func output(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int {
    let process: (any BoxProcess)?? = state.withLock { state in
      guard state.refusals > 0 else { return nil }
      state.refusals -= 1
      return .some(state.process)
    }
    guard let process else { return recorder.output(stream, bytes) }
    process?.resumeReading(stream)
    return 0
  }

  func started(processIdentifier: Int32?) { recorder.started(processIdentifier: processIdentifier) }
  func endOfStream(_ stream: ExecStream) { recorder.endOfStream(stream) }
  func emptied(_ stream: ExecStream) { recorder.emptied(stream) }
  func failed(_ stream: ExecStream, errno: Int32) { recorder.failed(stream, errno: errno) }
  func exited(_ status: ExitStatus) { recorder.exited(status) }
  func gap(_ stream: ExecStream, _ gap: OutputGap) { recorder.gap(stream, gap) }
  func connectionLost() { recorder.connectionLost() }
}
