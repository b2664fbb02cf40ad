import Console
package import ContainerBoxes
package import ExecEngine
import ExecModel
import Glibc
import Linux
import Synchronization

/// Signals a command whose output has lost its reader, as the kernel would if the command wrote to
/// that pipe directly, and terminates a command that keeps writing.
final class ClosedOutput: Sendable {
  /// Nanoseconds that a command may keep writing after SIGPIPE.
  ///
  /// With a real pipe the writes of a command that ignores the signal would fail with `EPIPE`, and
  /// it would end; here its writes succeed.
  static let patience: UInt64 = 1_000_000_000

  private let now: @Sendable () -> UInt64
  private let signal: @Sendable () -> Void
  private let end: @Sendable () -> Void
  private let state = Mutex(State())

  private struct State {
    var first: UInt64?
    var isEnding = false
  }

  /// Calls `signal`, then `end`, each once; `now` is a monotonic clock in nanoseconds.
  init(
    now: @escaping @Sendable () -> UInt64 = { MonotonicClock.now }, signal: @escaping @Sendable () -> Void,
    end: @escaping @Sendable () -> Void
  ) {
    (self.now, self.signal, self.end) = (now, signal, end)
  }

  /// For a command of an engine: SIGPIPE, then SIGTERM; after the grace period its group is killed
  /// and the holders of its streams are released.
  convenience init(_ id: ExecutionID, of engine: Engine, grace: Duration) {
    self.init(
      signal: { try? engine.signal(id, .pipe) },
      end: {
        try? engine.signal(id, .terminate)
        TimerThread.shared.schedule(after: grace) { try? engine.kill(id, because: .unwritable(EPIPE)) }
      })
  }

  /// Whether output of the command was lost because it had no reader.
  var hasLostOutput: Bool { state.withLock { $0.first != nil } }

  /// Called when more output arrives for the closed stream: signals first, and terminates the
  /// command if it still writes a second later.
  func outputArrived() {
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

/// Follows the execs of other clients in a container, each with a writer from its appearance on.
package final class OtherExecs: Sendable {
  private let watch: ExecWatch
  private let engine: Engine
  private let writer: HeadlessWriter
  private let followed = Mutex<[ExecutionID]>([])

  /// Follows what `watch` finds, recorded by `engine` and written by `writer`.
  package init(_ watch: ExecWatch, _ engine: Engine, _ writer: HeadlessWriter) {
    self.watch = watch
    self.engine = engine
    self.writer = writer
  }

  /// Starts watching.
  ///
  /// - Throws: ``/Console/Failure`` when the container cannot be watched.
  func start() throws {
    do throws(BoxError) {
      try watch.start(found: { [self] in take($0) }, ended: Self.reportEnd)
    } catch {
      throw Failure(error.description)
    }
  }

  private static let reportEnd: @Sendable (String?) -> Void = { reason in
    if let reason { Diagnostics.print("other commands are no longer watched: \(reason)") }
  }

  /// Attaches and follows on a new thread: the engine's thread must not wait.
  private func take(_ exec: ExecAttachment) {
    let failure = DetachedThread.start(name: "boxwatch-exec") { [self] in
      do { try follow(exec) } catch { Diagnostics.print("a command in \(exec.name) cannot be followed: \(error)") }
    }
    if let failure { Diagnostics.print("a command in \(exec.name) cannot be followed: \(Failure.noThread(failure))") }
  }

  private func follow(_ exec: ExecAttachment) throws {
    // An exec that ended before it could be inspected is not an error.
    guard let spec = try? exec.spec() else { return }
    try engine.start(spec, in: exec) { id in
      followed.withLock { $0.append(id) }
      try writer.follow(id, name: spec.command.joined(separator: " "), onClosed: {}) { try engine.attach(id) }
    }
  }

  /// Detaches from all of them; they go on.
  func stop() {
    watch.stop()
    for id in followed.withLock({ $0 }) { try? engine.detach(id) }
  }
}
