import ContainerBoxes
import ExecEngine
import ExecModel
import Glibc
import Synchronization

/// Tells a command that its output has no reader any more, as the kernel would if the command wrote to that pipe itself,
/// and ends a command that goes on all the same.
final class ClosedOutput: Sendable {
  /// Nanoseconds that a command may write on after SIGPIPE.
  ///
  /// One that ignores the signal would have had its writes refused (`EPIPE`), and would end by itself; here they succeed.
  static let patience: UInt64 = 1_000_000_000

  private let now: @Sendable () -> UInt64
  private let signal: @Sendable () -> Void
  private let end: @Sendable () -> Void
  private let state = Mutex(State())

  private struct State {
    var first: UInt64?
    var isEnding = false
  }

  /// Tells by `signal`, and ends by `end`, once; `now` is a monotonic clock in nanoseconds.
  init(
    now: @escaping @Sendable () -> UInt64 = { TimerThread.shared.now() }, signal: @escaping @Sendable () -> Void,
    end: @escaping @Sendable () -> Void
  ) {
    (self.now, self.signal, self.end) = (now, signal, end)
  }

  /// A command of an engine: SIGPIPE, then SIGTERM, and when its grace is over it is killed with its group, and what else
  /// holds its streams is let go.
  convenience init(_ id: ExecutionID, of engine: Engine, grace: Duration) {
    self.init(
      signal: { try? engine.signal(id, .pipe) },
      end: {
        try? engine.signal(id, .terminate)
        TimerThread.shared.schedule(after: grace) { try? engine.kill(id, because: .unwritable(EPIPE)) }
      })
  }

  /// More output came for the closed stream: the signal at first, the end when the command is still at it a second later.
  func tell() {
    let time = now()
    let act = state.withLock { state -> (@Sendable () -> Void)? in
      if state.isEnding { return nil }
      let first = state.first ?? time
      state.first = first
      state.isEnding = time - min(time, first) > Self.patience
      return state.isEnding ? end : signal
    }
    act?()
  }
}

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
