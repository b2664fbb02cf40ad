public import ExecEngine
import ExecModel
import NIOCore
import Synchronization

/// Tells of every command that others run in a container: those that run now, and those that start later.
///
/// Commands of this process are left out.
public final class ExecWatch: Sendable {
  /// `docker:CONTAINER` or `podman:CONTAINER`.
  public let name: String

  private let engine: EngineAccess
  private let container: String
  private let session = Mutex<NIOLoopBound<ExecWatchSession>?>(nil)
  private let isStopped = Mutex(false)

  /// Makes a watch that has not begun.
  public init(_ engine: EngineAccess, container: String) {
    self.engine = engine
    self.container = container
    name = engine.kind.rawValue + ":" + container
  }

  /// Begins; the engine is asked on this thread, and what is found is told on another one, which must not wait.
  ///
  /// - Parameters:
  ///   - found: called for each command, once.
  ///   - ended: called once, when the container has ended (nil) or cannot be watched any more, and why.
  /// - Throws: ``BoxError`` when the container cannot be watched.
  public func start(
    found: @escaping @Sendable (ExecAttachment) -> Void, ended: @escaping @Sendable (String?) -> Void
  ) throws(BoxError) {
    let client = try engine.client()
    let (facts, inspection): (EngineFacts, ContainerInspection)
    do throws(EngineAPIError) {
      facts = try client.call(client.asked())
      inspection = try client.call(client.inspectContainer(container))
    } catch {
      throw BoxError(.box, error.description)
    }
    guard inspection.isRunning else { return ended(nil) }
    let (engine, container) = (engine, container)
    let begun = try SessionStart.wait(on: client.loop) {
      let session = ExecWatchSession(client, facts, inspection, ended: ended) { identifier in
        found(ExecAttachment(engine, container: container, exec: identifier))
      }
      session.start()
      return (session, client.loop.makeSucceededVoidFuture())
    }
    session.withLock { $0 = begun }
    if isStopped.withLock({ $0 }) { stop() }
  }

  /// Ends it; nothing more is told.
  public func stop() {
    isStopped.withLock { $0 = true }
    guard let session = session.withLock({ $0 }) else { return }
    session.execute { $0.stop() }
  }
}

extension NIOLoopBound {
  /// Runs `body` with the value on its loop.
  fileprivate func execute(_ body: @escaping @Sendable (Value) -> Void) {
    eventLoop.execute { [self] in body(value) }
  }
}
