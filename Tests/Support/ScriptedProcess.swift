public import ExecEngine
public import ExecModel
import Synchronization

/// Records what the engine asks of a command.
public final class ScriptedProcess: BoxProcess {
  /// One request of the engine.
  public enum Request: Hashable, Sendable {
    case write([UInt8]), closeInput, signal(Signal), resize(TerminalSize), empty(StreamSet), resume(ExecStream), release
  }

  /// Nothing asked yet.
  public init() {}

  private let log = Mutex<[Request]>([])
  private let reaction = Mutex<(@Sendable (Request) -> Void)?>(nil)

  /// Everything that was asked, in order.
  public var requests: [Request] { log.withLock { $0 } }

  /// Calls `react` on every request, after it is recorded.
  public func onRequest(_ react: @escaping @Sendable (Request) -> Void) { reaction.withLock { $0 = react } }

  private func note(_ request: Request) {
    log.withLock { $0.append(request) }
    reaction.withLock { $0 }?(request)
  }

  /// Records the bytes and takes them.
  public func write(_ bytes: [UInt8], completion: @escaping @Sendable (InputError?) -> Void) {
    note(.write(bytes))
    completion(nil)
  }

  /// Records.
  public func closeInput() { note(.closeInput) }
  /// Records.
  public func signal(_ signal: Signal) throws(SignalError) { note(.signal(signal)) }
  /// Records.
  public func resize(_ size: TerminalSize) { note(.resize(size)) }
  /// Records.
  public func emptyStreams(_ streams: StreamSet) { note(.empty(streams)) }
  /// Records.
  public func resumeReading(_ stream: ExecStream) { note(.resume(stream)) }
  /// One holder of everything.
  public func holders(of streams: StreamSet) -> [PipeHolder] {
    [PipeHolder(processIdentifier: 4712, command: "sleep 60", streams: streams)]
  }
  /// Records.
  public func release() { note(.release) }
}
