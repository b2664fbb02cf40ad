import ContainerBoxes
import ExecEngine
import ExecModel
import Synchronization

/// The commands that others run in a container, each followed by a writer from its appearance on.
final class OtherExecs: Sendable {
  private let watch: ExecWatch
  private let engine: Engine
  private let writer: HeadlessWriter
  private let followed = Mutex<[ExecutionID]>([])

  init(_ watch: ExecWatch, _ engine: Engine, _ writer: HeadlessWriter) {
    self.watch = watch
    self.engine = engine
    self.writer = writer
  }

  /// Begins to watch.
  ///
  /// - Throws: ``Failure`` when the container cannot be watched.
  func start() throws {
    do throws(BoxError) {
      try watch.start(found: { [self] in take($0) }, ended: Self.tell)
    } catch {
      throw Failure(error.description)
    }
  }

  private static let tell: @Sendable (String?) -> Void = { reason in
    if let reason { Diagnostics.print("other commands are not watched any more: \(reason)") }
  }

  /// Asks and follows on a thread of its own: the engine's must not wait.
  private func take(_ exec: ExecAttachment) {
    let failure = EngineThread.start(name: "boxwatch-exec") { [self] in
      do { try follow(exec) } catch { Diagnostics.print("a command in \(exec.name) cannot be followed: \(error)") }
    }
    if let failure { Diagnostics.print("a command in \(exec.name) cannot be followed: \(Failure.noThread(failure))") }
  }

  private func follow(_ exec: ExecAttachment) throws {
    // One that is over before it was looked at is nobody's trouble.
    guard let spec = try? exec.spec() else { return }
    try engine.start(spec, in: exec) { id in
      followed.withLock { $0.append(id) }
      try writer.follow(id, name: spec.command.joined(separator: " "), onClosed: {}) { try engine.attach(id) }
    }
  }

  /// Lets go of all of them; they go on.
  func stop() {
    watch.stop()
    for id in followed.withLock({ $0 }) { try? engine.detach(id) }
  }
}
