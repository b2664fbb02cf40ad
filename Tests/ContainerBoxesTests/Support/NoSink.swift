import ExecEngine
import ExecModel

/// Takes everything and keeps nothing.
final class NoSink: ExecutionSink {
  func started(processIdentifier: Int32?) {}
  func output(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int { bytes.byteCount }
  func gap(_ stream: ExecStream, _ gap: OutputGap) {}
  func endOfStream(_ stream: ExecStream) {}
  func emptied(_ stream: ExecStream) {}
  func failed(_ stream: ExecStream, errno: Int32) {}
  func exited(_ status: ExitStatus) {}
  func connectionLost() {}
}
