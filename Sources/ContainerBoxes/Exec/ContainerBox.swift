public import ExecEngine
public import ExecModel
import Glibc
import NIOCore

/// Runs commands in a running container, by the Docker API of Docker or Podman.
public struct ContainerBox: Box {
  /// `docker:CONTAINER` or `podman:CONTAINER`, or the name in the configuration.
  public let name: String
  /// Everything; holders are named where the engine runs on this host.
  public let capabilities = BoxCapabilities.everything.union(.user)

  /// They are the engine's processes.
  public var isElsewhere: Bool { true }

  private let container: String
  private let user: String?
  private let engine: EngineAccess
  private let main = MainProcess()

  /// Makes a box; the engine is not asked before the first command.
  ///
  /// - Parameter user: who runs commands that name nobody; the container's own user when nil.
  public init(
    _ engine: EngineAccess, container: String, user: String? = nil, name: String? = nil
  ) {
    self.engine = engine
    self.container = container
    self.user = user
    self.name = name ?? engine.kind.rawValue + ":" + container
  }

  /// What the container's control group counts; nil where the engine runs on another host, or the container does not run.
  public func usage() -> ResourceUsage? { main.usage(of: container, engine) }

  /// Starts a command by an exec of its own, and returns when it is known to have begun.
  ///
  /// - Throws: ``BoxError`` when it never ran: `box` when the engine or the container cannot be used.
  public func start(
    _ spec: ExecutionSpec, reportingTo sink: any ExecutionSink
  ) throws(BoxError) -> any BoxProcess {
    try WordCheck.check(spec)
    let client = try engine.client()
    let facts = try refusing { () throws(EngineAPIError) in try client.call(client.asked()) }
    let wraps = spec.terminal != nil && !ExecPlan.takesFirstSize(facts)
    do {
      return try start(plan(spec, facts, client, wraps: wraps), client, sink)
    } catch  where wraps && error.failure == .notFound {
      // No shell there: the first size comes a moment late.
      return try start(plan(spec, facts, client, wraps: false), client, sink)
    }
  }

  private func plan(_ spec: ExecutionSpec, _ facts: EngineFacts, _ client: EngineClient, wraps: Bool) -> ExecPlan {
    ExecPlan(
      container: container, spec: spec, user: spec.user ?? user, facts: facts,
      mark: engine.isElsewhere(container, client) ? Self.mark() : nil, wrapsForSize: wraps)
  }

  /// Elsewhere, processes have no number here.
  private static func mark() -> EnvironmentVariable {
    EnvironmentVariable(name: "BOXWATCH_EXEC", value: String(UInt64.random(in: .min ... .max), radix: 36))
  }

  private func start(
    _ plan: ExecPlan, _ client: EngineClient, _ sink: any ExecutionSink
  ) throws(BoxError) -> any BoxProcess {
    let file: Int32? = if case .file(let path) = plan.spec.input { try InputFile.open(path) } else { nil }
    let identifier: String
    do {
      identifier = try refusing { () throws(EngineAPIError) in
        try client.call(client.createExec(container, plan.creation))
      }
    } catch {
      if let file { Glibc.close(file) }
      throw error
    }
    let shared = ExecShared()
    let session = try SessionStart.wait(on: client.loop) {
      let session = ExecSession(client, plan, identifier: identifier, sink: sink, shared: shared)
      session.start(file: file.map(InputFile.init))
      return (session, session.begun.futureResult)
    }
    if plan.facts.kind == .podman { engine.delay.started() }
    let route = SignalRoute(client: client, container: container, mark: plan.mark)
    return ContainerProcess(session, on: client.loop, shared, route)
  }

  /// An engine's error as a box's, with the container's name where the engine does not say it.
  private func refusing<Answer>(_ body: () throws(EngineAPIError) -> Answer) throws(BoxError) -> Answer {
    do throws(EngineAPIError) { return try body() } catch {
      let text = error.description.contains(container) || !error.isRefusal ? "" : "container '\(container)': "
      throw BoxError(.box, text + error.description)
    }
  }
}
