public import ExecEngine
public import ExecModel
import Glibc
import JSON
import Logging
import NIOCore
import Synchronization

/// A throw-away container to create from an image.
struct ImagePlan: Sendable {
  let image: String
  let spec: ExecutionSpec

  var hasTerminal: Bool { spec.terminal != nil }
  var hasInput: Bool { hasTerminal || spec.input != .closed }
  var layout: FrameDecoder.Layout { hasTerminal ? .raw : .framed }

  /// The body of the request that creates it: the engine removes it at its end, even when boxwatch
  /// is gone.
  var creation: JSONValue {
    let variables = spec.environment.map { $0.name + "=" + $0.value }
    return .object([
      "Image": .string(image), "Cmd": .array(spec.command.map(JSONValue.string)), "Entrypoint": .array([]),
      "Tty": .bool(hasTerminal), "OpenStdin": .bool(hasInput), "StdinOnce": .bool(hasInput),
      "AttachStdin": .bool(hasInput), "AttachStdout": .bool(true), "AttachStderr": .bool(true),
      "Env": variables.isEmpty ? nil : .array(variables.map(JSONValue.string)),
      "WorkingDir": spec.workingDirectory.map(JSONValue.string), "User": spec.user.map(JSONValue.string),
      "Labels": .object(["boxwatch": .string("throw-away")]),
      "HostConfig": .object(["AutoRemove": .bool(true), "ConsoleSize": consoleSize]),
    ])
  }

  /// Docker takes the first size when the container is created (API 1.42 and later do so for Linux
  /// too).
  private var consoleSize: JSONValue? {
    spec.terminal.map { .array([.integer(Int64($0.rows)), .integer(Int64($0.columns))]) }
  }
}

/// Runs each command in a throw-away container, created from an image and removed at the end.
public struct ImageBox: Box {
  /// `docker-image:IMAGE`, `podman-image:IMAGE`, or a configured name.
  public let name: String
  /// Every capability.
  public let capabilities = BoxCapabilities.everything.union(.user)

  /// Commands are the engine's processes.
  public var isElsewhere: Bool { true }

  private let image: String
  private let engine: EngineAccess

  /// Creates a box; the engine is not contacted before the first command.
  public init(_ engine: EngineAccess, image: String, name: String? = nil) {
    self.engine = engine
    self.image = image
    self.name = name ?? engine.kind.rawValue + "-image:" + image
  }

  /// Creates a container, and starts the command as its main process.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when it never ran.
  public func start(
    _ spec: ExecutionSpec, reportingTo sink: any ExecutionSink
  ) throws(BoxError) -> any BoxProcess {
    try WordCheck.check(spec)
    let client = try engine.client()
    let plan = ImagePlan(image: image, spec: spec)
    let file = try InputFile.open(for: spec)
    let made: (facts: EngineFacts, container: String)
    do throws(EngineAPIError) {
      made = (try client.call(client.asked()), try client.call(client.createContainer(plan.creation)))
    } catch {
      throw ImageStartFailure(image: image, spec: spec, error).error
    }
    let shared = ExecShared()
    do throws(BoxError) {
      let session = try SessionStart.wait(on: client.loop) {
        let session = ImageSession(client, plan, container: made.container, sink: sink, shared: shared)
        session.start(made.facts, file: file.map { InputFile($0.descriptor, path: $0.path) })
        return (session, session.begun.futureResult)
      }
      return ImageProcess(session, client, container: made.container, shared)
    } catch {
      // A session that failed has removed it; this is for one that was never made.
      client.removeContainer(made.container)
      throw error
    }
  }
}

/// A throw-away container's main process, as the engine drives it.
final class ImageProcess: BoxProcess {
  private let session: NIOLoopBound<ImageSession>
  private let client: EngineClient
  private let container: String
  private let shared: ExecShared

  init(_ session: NIOLoopBound<ImageSession>, _ client: EngineClient, container: String, _ shared: ExecShared) {
    self.session = session
    self.client = client
    self.container = container
    self.shared = shared
  }

  func write(_ bytes: [UInt8], completion: @escaping @Sendable (InputError?) -> Void) {
    client.loop.execute { [session] in
      guard let input = session.value.input else { return completion(.closed) }
      session.value.sizes.after { input.write(bytes, completion: completion) }
    }
  }

  func closeInput() {
    client.loop.execute { [session] in
      let session = session.value
      session.sizes.after { session.input?.close() }
    }
  }

  /// Asks the engine to signal the main process, which receives the signal a moment later.
  ///
  /// A main process is number 1 in its container; the kernel discards signals to it except KILL and
  /// those it handles (pid_namespaces(7)).
  func signal(_ signal: Signal) throws(SignalError) {
    guard !shared.isOver.withLock({ $0 }) else { throw .ended }
    guard signal.isValid else { throw .system(EINVAL) }
    client.killContainer(container, signal).whenFailure { [container] error in
      ExecSession.logger.warning("signal not sent", metadata: ["container": "\(container)", "reason": "\(error)"])
    }
  }

  func resize(_ size: TerminalSize) { client.loop.execute { [session] in session.value.resize(size) } }

  func emptyStreams(_ streams: StreamSet) { client.loop.execute { [session] in session.value.empty(streams) } }

  func resumeReading(_ stream: ExecStream) { client.loop.execute { [session] in session.value.resume() } }

  func holders(of streams: StreamSet) -> [PipeHolder] { shared.process?.holders(of: streams) ?? [] }

  func usage() -> ResourceUsage? { shared.process?.usage() }

  func release() {
    client.loop.execute { [session] in session.value.apply(.released) }
  }
}
