public import ExecEngine
import ExecModel

extension ReroutedBox {
  /// A box whose reaper announces the end by itself: at the exit the streams count as ended, and output is dropped.
  ///
  /// This is the dispatcher that loses output, made certain, with real processes behind it; tests that claim to see
  /// losses must see them here.
  public static func hasty(_ box: any Box) -> ReroutedBox {
    ReroutedBox(box) { sink, spec in HastySink(sink, spec.streams) }
  }
}

/// Passes on the exit, and of the output nothing.
private final class HastySink: ExecutionSink {
  private let sink: any ExecutionSink
  private let streams: StreamSet

  init(_ sink: any ExecutionSink, _ streams: StreamSet) {
    self.sink = sink
    self.streams = streams
  }

  func started(processIdentifier: Int32?) { sink.started(processIdentifier: processIdentifier) }

  func output(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int { bytes.byteCount }

  func endOfStream(_ stream: ExecStream) {}

  func emptied(_ stream: ExecStream) {}

  func failed(_ stream: ExecStream, errno: Int32) {}

  func gap(_ stream: ExecStream, _ gap: OutputGap) { sink.gap(stream, gap) }

  func connectionLost() { sink.connectionLost() }

  func exited(_ status: ExitStatus) {
    for stream in streams.streams { sink.endOfStream(stream) }
    sink.exited(status)
  }
}
