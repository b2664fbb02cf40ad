public import ExecEngine
public import ExecModel
import Synchronization

/// A box whose reaper announces the end by itself: when the exit is seen, the streams count as ended, and what the pumps
/// have or will have is dropped.
///
/// This is the dispatcher that loses output, made certain, with real processes behind it; tests that claim to see losses
/// must see them here.
public struct HastyBox: Box {
  private let box: any Box

  /// Wraps a real box.
  public init(_ box: any Box) { self.box = box }

  /// The wrapped box's name.
  public var name: String { box.name }
  /// The wrapped box's abilities.
  public var capabilities: BoxCapabilities { box.capabilities }

  /// Starts in the wrapped box, with a sink between.
  public func start(
    _ spec: ExecutionSpec, reportingTo sink: any ExecutionSink
  ) throws(BoxError) -> any BoxProcess {
    try box.start(spec, reportingTo: HastySink(sink, spec.streams))
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

  func connectionLost() { sink.connectionLost() }

  func exited(_ status: ExitStatus) {
    for stream in streams.streams { sink.endOfStream(stream) }
    sink.exited(status)
  }
}
