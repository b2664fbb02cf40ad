import CExecShims
import Glibc

/// Starts detached threads with a small stack and every signal blocked.
package enum EngineThread {
  private final class Work {
    let body: @Sendable () -> Void
    let name: String

    init(_ name: String, _ body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }

  /// Runs `body` on a new thread; `name` is cut to the kernel's 15 bytes (pthread_setname_np(3)).
  package static func start(name: String, _ body: @escaping @Sendable () -> Void) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, 512 << 10)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    // Blocked before the thread exists: a signal that it took would never reach the main thread's handler.
    var blocked = sigset_t()
    var previous = sigset_t()
    sigfillset(&blocked)
    pthread_sigmask(SIG_BLOCK, &blocked, &previous)
    defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
    var thread = pthread_t()
    let work = Unmanaged.passRetained(Work(String(name.prefix(15)), body))
    let failure = pthread_create(
      &thread, &attributes,
      { context in
        guard let context else { return nil }
        let work = Unmanaged<Work>.fromOpaque(context).takeRetainedValue()
        cexec_name_thread(work.name)
        work.body()
        return nil
      }, work.toOpaque())
    if failure != 0 { work.release() }
  }
}
