import ExecEngine
import ExecModel
import Synchronization

/// Hears of an execution's end and takes none of its output.
final class AttachedEnd: ExecutionSink {
  private let status = Mutex<ExitStatus?>(nil)
  private let wake: WakeDescriptor?

  init() { wake = try? WakeDescriptor() }

  /// Sleeps until it is over.
  ///
  /// - Throws: ``BoxError`` where nothing can be slept in.
  func wait() throws(BoxError) -> ExitStatus {
    guard let wake else { throw BoxError(.box, "there is no descriptor left to wait with") }
    while true {
      if let status = status.withLock({ $0 }) { return status }
      wake.wait()
    }
  }

  private func end(_ ended: ExitStatus) {
    status.withLock { $0 = $0 ?? ended }
    wake?.wake()
  }

  func started(processIdentifier: Int32?) {}
  func output(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int { bytes.byteCount }
  func gap(_ stream: ExecStream, _ gap: OutputGap) {}
  func endOfStream(_ stream: ExecStream) {}
  func emptied(_ stream: ExecStream) {}
  func failed(_ stream: ExecStream, errno: Int32) {}
  func exited(_ status: ExitStatus) { end(status) }
  func connectionLost() { end(.lost) }
}
