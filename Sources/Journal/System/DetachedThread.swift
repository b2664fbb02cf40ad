import CExecShims
import Glibc
package import SystemPackage

/// Starts detached threads with a small stack and every signal blocked.
package enum DetachedThread {
  /// Bytes of stack: enough for a report into the engine and its journal; untouched pages cost nothing.
  private static let stackSize = 512 << 10

  private final class Work {
    let name: String
    let body: @Sendable () -> Void

    init(_ name: String, _ body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }

  /// Runs `body` on a new thread; `name` is cut to the kernel's 15 bytes (pthread_setname_np(3)).
  ///
  /// - Returns: why there is no thread, when the kernel has none left (pthread_create(3)).
  @discardableResult
  package static func start(name: String, _ body: @escaping @Sendable () -> Void) -> Errno? {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stackSize)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let work = Unmanaged.passRetained(Work(String(name.prefix(15)), body))
    let failure = withSignalsBlocked { create(&attributes, work.toOpaque()) }
    guard failure != 0 else { return nil }
    work.release()
    return Errno(rawValue: failure)
  }

  private static func create(_ attributes: inout pthread_attr_t, _ argument: UnsafeMutableRawPointer) -> Int32 {
    var thread = pthread_t()
    return pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument else { return nil }
        let work = Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
        cexec_name_thread(work.name)
        work.body()
        return nil
      }, argument)
  }

  /// A new thread inherits the mask: blocked here, no signal can come before the thread could block it itself.
  private static func withSignalsBlocked(_ body: () -> Int32) -> Int32 {
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    return body()
  }
}
