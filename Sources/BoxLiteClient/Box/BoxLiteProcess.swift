import BoxLiteWire
public import ExecEngine
public import ExecModel

/// A command on a BoxLite server, as the engine drives it; no method waits for the server.
struct BoxLiteProcess: BoxProcess {
  let session: AttachSession

  func write(_ bytes: [UInt8], completion: @escaping @Sendable (InputError?) -> Void) {
    session.write(bytes, completion)
  }

  func closeInput() { session.closeInput() }

  func signal(_ signal: Signal) throws(SignalError) {
    guard !session.hasEnded else { throw .ended }
    if signal == .kill { return session.kill() }
    guard SignalBody.standard.contains(signal.number) else { throw .unsupported }
    session.signal(signal)
  }

  func resize(_ size: TerminalSize) { session.resize(size) }

  func emptyStreams(_ streams: StreamSet) { session.empty(streams) }

  func resumeReading(_ stream: ExecStream) { session.later { $0.resume() } }

  func holders(of streams: StreamSet) -> [PipeHolder] { [] }

  func release() { session.release() }
}

/// An execution on a BoxLite server started by another client: *starting* it attaches to it.
///
/// Releasing it leaves the command running.
public struct BoxLiteAttachment: Box {
  /// The address of the execution's box.
  public let name: String
  /// The execution and its server.
  public let target: BoxLiteTarget
  /// The available operations.
  public let capabilities: BoxCapabilities

  private let execution: String
  private let client: RESTClient
  private let options: BoxLiteOptions
  private let allowsInput: Bool
  private let abilities = ServerAbilities()

  /// Creates an attachment; nothing is sent yet.
  ///
  /// - Parameters:
  ///   - target: the server, the box and the execution.
  ///   - key: the key of the server; nil for none.
  ///   - allowsInput: false to attach read-only (`?stdin=0`), also after every reconnect.
  ///   - options: the timeouts and buffers of a connection.
  /// - Throws: ``/ExecModel/TextValueError`` for a target without an execution.
  public init(
    target: BoxLiteTarget, key: String?, allowsInput: Bool = true, options: BoxLiteOptions = .init()
  ) throws(TextValueError) {
    let client = RESTClient(target.endpoint, key: key, options)
    try self.init(target: target, client: client, allowsInput: allowsInput, options)
  }

  init(
    target: BoxLiteTarget, client: RESTClient, allowsInput: Bool = true, _ options: BoxLiteOptions = .init()
  ) throws(TextValueError) {
    guard let execution = target.execution else {
      throw TextValueError("'\(target)' does not name an execution; use \(target)/EXECUTION")
    }
    (self.target, self.execution, self.client, self.options) = (target, execution, client, options)
    self.allowsInput = allowsInput
    name = BoxLiteTarget(endpoint: target.endpoint, box: target.box).description
    capabilities = allowsInput ? [.input, .signals, .resize, .outlives] : [.signals, .resize, .outlives]
  }

  /// The spec for the engine: the command line that the server reports, which is also the name; the
  /// execution's identifier when the server reports none.
  ///
  /// The command line is one word: a server joins the words by spaces, and the boundaries cannot be
  /// recovered.
  ///
  /// Blocks, as a request does.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when there is no such execution, or the server cannot be reached.
  public func spec() throws(BoxError) -> ExecutionSpec {
    do throws(ClientError) {
      let line = try client.execution(target.box, execution).command
      return ExecutionSpec(command: [line.isEmpty ? execution : line], name: line.isEmpty ? nil : line, input: .pipe)
    } catch {
      throw self.error(error)
    }
  }

  /// Attaches; the command has two output streams, unless `spec` has a terminal.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when the server refuses the attach; nothing was changed there.
  public func start(
    _ spec: ExecutionSpec, reportingTo sink: any ExecutionSink
  ) throws(BoxError) -> any BoxProcess {
    do throws(ClientError) {
      let session = try AttachSession(
        AttachSession.Setup(
          client: client, box: target.box, execution: execution, streams: spec.streams, allowsInput: allowsInput,
          isOurs: false, hasOffsets: try abilities.ask(client).attachesAtOffsets, options: options), sink: sink)
      try session.enter()
      return BoxLiteProcess(session: session)
    } catch {
      throw self.error(error)
    }
  }

  private func error(_ error: ClientError) -> BoxError {
    switch error.status {
    case 404, 410:
      BoxError(.box, "\(error.description): \(target) the server does not know it, or removed it after its end")
    case 409 where allowsInput:
      BoxError(.box, "\(error.description): a server lets only one client write; use --no-stdin to watch only")
    case 409: BoxError(.box, "\(error.description): this server lets only one client attach")
    default: BoxError(error, from: target)
    }
  }
}
