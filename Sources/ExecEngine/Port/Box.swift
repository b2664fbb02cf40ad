public import ExecModel

/// A place where commands run: the port that every back end implements.
public protocol Box: Sendable {
  /// The name people choose it by: `local`, `bwrap`, or a name from the configuration.
  var name: String { get }
  /// What this box can and cannot do.
  var capabilities: BoxCapabilities { get }

  /// Why commands cannot run as another user (``ExecutionSpec/user``), in one sentence; nil when they can.
  var userRefusal: String? { get }

  /// Whether its commands are processes of another program, which go on when this one crashes.
  var isElsewhere: Bool { get }

  /// Starts a command and reports everything about it to `sink`, synchronously and in order for each stream.
  ///
  /// The box calls ``ExecutionSink/started(processIdentifier:)`` before any other report, and registers for the exit
  /// before the process can end. It may report from other threads before this method returns.
  ///
  /// - Throws: ``BoxError`` when the command never ran; nothing was reported then.
  func start(_ spec: ExecutionSpec, reportingTo sink: any ExecutionSink) throws(BoxError) -> any BoxProcess

  /// What everything in the box uses; nil where the box counts nothing, and for a box that is no more than one command.
  ///
  /// It may ask the system, and another program: never on a thread that must not wait.
  func usage() -> ResourceUsage?
}

extension Box {
  /// Commands are processes of ours.
  public var isElsewhere: Bool { false }

  /// Nothing is counted.
  public func usage() -> ResourceUsage? { nil }

  /// What the capabilities say, in words for any box.
  public var userRefusal: String? {
    capabilities.contains(.user) ? nil : "the box '\(name)' runs commands as its own user only"
  }

  /// Refuses a spec that names a user where the box knows only one: it must not seem to have changed to it.
  ///
  /// - Throws: ``BoxError`` with `box`.
  public func checkUser(of spec: ExecutionSpec) throws(BoxError) {
    guard spec.user != nil, let userRefusal else { return }
    throw BoxError(.box, userRefusal)
  }
}
