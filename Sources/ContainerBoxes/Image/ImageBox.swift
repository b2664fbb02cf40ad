public import ExecEngine
public import ExecModel
import Glibc
import NIOCore

/// Runs each command in a throw-away container of its own, made of an image and deleted at the end.
public struct ImageBox: Box {
  /// `docker-image:IMAGE`, `podman-image:IMAGE`, or a name of the configuration.
  public let name: String
  /// Everything.
  public let capabilities = BoxCapabilities.everything.union(.user)

  /// They are the engine's processes.
  public var isElsewhere: Bool { true }

  private let image: String
  private let engine: EngineAccess

  /// Makes a box; the engine is not asked before the first command.
  public init(_ engine: EngineAccess, image: String, name: String? = nil) {
    self.engine = engine
    self.image = image
    self.name = name ?? engine.kind.rawValue + "-image:" + image
  }

  /// Makes a container, and starts the command as its main process.
  ///
  /// - Throws: ``BoxError`` when it never ran.
  public func start(
    _ spec: ExecutionSpec, reportingTo sink: any ExecutionSink
  ) throws(BoxError) -> any BoxProcess {
    try WordCheck.check(spec)
    let client = try engine.client()
    let plan = ImagePlan(image: image, spec: spec)
    let file: Int32? = if case .file(let path) = spec.input { try InputFile.open(path) } else { nil }
    let made: (facts: EngineFacts, container: String)
    do throws(EngineAPIError) {
      made = (try client.call(client.asked()), try client.call(client.createContainer(plan.creation)))
    } catch {
      if let file { Glibc.close(file) }
      throw ImageStartFailure(image: image, spec: spec, error).error
    }
    let shared = ExecShared()
    let session = try SessionStart.wait(on: client.loop) {
      let session = ImageSession(client, plan, container: made.container, sink: sink, shared: shared)
      session.start(made.facts, file: file.map(InputFile.init))
      return (session, session.begun.futureResult)
    }
    return ImageProcess(session, client, container: made.container, shared)
  }
}
