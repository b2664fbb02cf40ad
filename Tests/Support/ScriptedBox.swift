public import ExecEngine
public import ExecModel
import Synchronization

/// A box without a process: the test itself reports what happens, in any order and from any thread.
public final class ScriptedBox: Box {
  /// The name.
  public let name = "scripted"
  /// All of them.
  public let capabilities = BoxCapabilities.everything

  /// The one command that was started.
  public let process = ScriptedProcess()
  private let failure: BoxError?
  private let opening: @Sendable (any ExecutionSink) -> Void
  private let sinks = Mutex<[any ExecutionSink]>([])

  /// Makes a box whose `start` throws `failure`, or reports `started` and then runs `opening` before it returns.
  public init(failure: BoxError? = nil, opening: @escaping @Sendable (any ExecutionSink) -> Void = { _ in }) {
    self.failure = failure
    self.opening = opening
  }

  /// Keeps the sink for the test.
  public func start(
    _ spec: ExecutionSpec, reportingTo sink: any ExecutionSink
  ) throws(BoxError) -> any BoxProcess {
    if let failure { throw failure }
    sinks.withLock { $0.append(sink) }
    sink.started(processIdentifier: 4711)
    opening(sink)
    return process
  }

  /// Where the test reports.
  public var sink: any ExecutionSink { sinks.withLock { $0[$0.count - 1] } }
}

extension ExecutionSink {
  /// Reports a text as output.
  @discardableResult
  public func output(_ stream: ExecStream, _ text: String) -> Int {
    output(stream, bytes: Array(text.utf8))
  }

  /// Reports bytes as output.
  @discardableResult
  public func output(_ stream: ExecStream, bytes: [UInt8]) -> Int {
    output(stream, bytes.span.bytes)
  }
}
