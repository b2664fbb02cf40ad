import CExecShims
import Glibc
import Synchronization
import SystemPackage

/// Runs a closure on a pump loop's thread and waits for it.
///
/// A child that asked to die with its parent dies with the *thread* that made it (PR_SET_PDEATHSIG, prctl(2)), and the
/// threads of Swift's pool come and go: so such a child is made on a thread that stays.
final class SpawnJob: PumpSource {
  private let body: @Sendable () -> Void
  private let done: Int32

  private init(_ body: @escaping @Sendable () -> Void) throws(Errno) {
    self.body = body
    done = eventfd(0, Int32(EFD_CLOEXEC))
    guard done >= 0 else { throw Errno(rawValue: errno) }
  }

  deinit { if done >= 0 { close(done) } }

  func turn(_ turn: PumpTurn) {
    body()
    eventfd_write(done, 1)
  }

  /// Runs `body` on the loop's thread; must not be called from it.
  static func run<Value: Sendable>(on loop: PumpLoop, _ body: @escaping @Sendable () -> Value) throws(Errno) -> Value? {
    let result = ResultBox<Value>()
    let job = try SpawnJob { result.value.withLock { $0 = body() } }
    guard loop.post(job) else { throw .canceled }
    var count: eventfd_t = 0
    while eventfd_read(job.done, &count) != 0, errno == EINTR {}
    return result.value.withLock { $0 }
  }

  private final class ResultBox<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
  }
}
