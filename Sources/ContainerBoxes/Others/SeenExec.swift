import ExecEngine
import ExecModel
import NIOCore
import Synchronization

/// An exec whose output reaches only whoever started it: its end and its exit code are asked for.
final class SeenExec: WatchedExec {
  private struct State {
    var isOver = false
    var failures = 0
  }

  private static let pause = TimeAmount.milliseconds(250)
  /// An engine that was restarted has this long to come back.
  private static let mostFailures = 40

  let exec: OtherExec
  let sink: any ExecutionSink
  private let state = Mutex(State())

  /// - Parameter gap: why there is no output.
  init(_ exec: OtherExec, missing gap: OutputGap, _ sink: any ExecutionSink) {
    self.exec = exec
    self.sink = sink
    sink.started(processIdentifier: exec.processIdentifier)
    for stream in exec.streams.streams { sink.gap(stream, gap) }
    exec.client.loop.execute { [self] in take(.success(exec.inspection)) }
  }

  private func ask() {
    exec.client.inspectExec(exec.identifier).whenComplete { [self] in take($0) }
  }

  private func take(_ result: Result<ExecInspection, any Error>) {
    guard !isOver else { return }
    switch result {
    case .success(let inspection) where !inspection.isRunning && inspection.hasStarted:
      sink.exited(.exited(inspection.exitCode ?? 0))
      finish()
    case .success:
      state.withLock { $0.failures = 0 }
      askLater()
    case .failure(let error):
      let error = EngineAPIError(error, at: exec.client.address)
      let isOut = state.withLock { state in
        state.failures += 1
        return state.failures > Self.mostFailures
      }
      if error.isRefusal || isOut { finish() } else { askLater() }
    }
  }

  private func askLater() { exec.client.loop.scheduleTask(in: Self.pause) { [self] in ask() } }

  /// None of its output was read, so that both streams are truncated; without a code it is lost, too.
  private func finish() {
    state.withLock { $0.isOver = true }
    sink.connectionLost()
  }

  var isOver: Bool { state.withLock { $0.isOver } }

  func resumeReading(_ stream: ExecStream) {}

  func release() { state.withLock { $0.isOver = true } }
}
