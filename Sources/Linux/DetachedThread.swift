import CExecShims
import Glibc
package import SystemPackage

/// Starts detached threads with a small stack.
///
/// They block every signal except those of faults and those that end a program. A fault must reach its handler, which restores the terminal
/// and ends the commands and has an alternate stack on these threads; a signal that asks the program to end is
/// delivered to the thread that reads signals (`cexec_signals_open`).
package enum DetachedThread {
  /// Stack size in bytes: enough for a report into the engine and its journal; untouched pages cost nothing.
  private static let stackSize: UInt64 = 512 << 10

  private final class Work {
    let name: String
    let body: @Sendable () -> Void

    init(_ name: String, _ body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }

  /// Runs `body` on a new thread; `name` is truncated to the kernel's 15 bytes (pthread_setname_np(3)).
  ///
  /// - Returns: the error when the kernel could not create a thread (pthread_create(3)).
  @discardableResult
  package static func start(name: String, _ body: @escaping @Sendable () -> Void) -> Errno? {
    let work = Unmanaged.passRetained(Work(String(name.prefix(15)), body))
    let failure = cexec_thread_start(
      stackSize,
      { argument in
        guard let argument else { return }
        let work = Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
        cexec_name_thread(work.name)
        work.body()
      }, work.toOpaque())
    guard failure != 0 else { return nil }
    work.release()
    return Errno(rawValue: failure)
  }

  /// Whether `count` more threads could be started together now.
  package static func canStart(_ count: Int) -> Bool {
    let wanted = Int32(clamping: count)
    return cexec_threads_possible(wanted) == wanted
  }
}
