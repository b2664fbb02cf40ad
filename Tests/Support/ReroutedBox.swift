public import ExecEngine
public import ExecModel

/// A real box whose reports pass through a sink of a test's own.
public struct ReroutedBox: Box {
  private let box: any Box
  private let reroute: @Sendable (any ExecutionSink, ExecutionSpec) -> any ExecutionSink

  /// Wraps a real box; `reroute` gives the sink that stands before the engine's.
  public init(_ box: any Box, _ reroute: @escaping @Sendable (any ExecutionSink, ExecutionSpec) -> any ExecutionSink) {
    self.box = box
    self.reroute = reroute
  }

  /// The wrapped box's name.
  public var name: String { box.name }
  /// The wrapped box's abilities.
  public var capabilities: BoxCapabilities { box.capabilities }

  /// Starts in the wrapped box, with the sink between.
  public func start(
    _ spec: ExecutionSpec, reportingTo sink: any ExecutionSink
  ) throws(BoxError) -> any BoxProcess {
    try box.start(spec, reportingTo: reroute(sink, spec))
  }
}
