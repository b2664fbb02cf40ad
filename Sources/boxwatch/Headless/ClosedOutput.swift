import ExecEngine
import ExecModel
import Synchronization

/// Tells a command that nobody reads its output any more, as the kernel would have, had it written to the pipe itself.
final class ClosedOutput: Sendable {
  /// Nanoseconds that a command may write on after SIGPIPE.
  ///
  /// One that ignores the signal would have had its writes refused (`EPIPE`), and would end by itself; here they succeed.
  static let patience: UInt64 = 1_000_000_000

  private let now: @Sendable () -> UInt64
  private let signal: @Sendable (Signal) -> Void
  private let first = Mutex<UInt64?>(nil)

  /// Sends by `signal`; `now` is a monotonic clock in nanoseconds.
  init(
    now: @escaping @Sendable () -> UInt64 = { TimerThread.shared.now() }, signal: @escaping @Sendable (Signal) -> Void
  ) {
    self.now = now
    self.signal = signal
  }

  /// More output came for the closed stream: SIGPIPE at first, SIGTERM when the command is still at it a second later.
  func tell() {
    let time = now()
    let began = first.withLock { first in
      defer { first = first ?? time }
      return first ?? time
    }
    signal(time - min(time, began) > Self.patience ? .terminate : .pipe)
  }
}
