import CExecShims
import Glibc
import SystemPackage

/// Threads for pump loops: a small stack, and no signal ever delivered to them.
enum PumpThread {
  /// Bytes of stack: enough for a report into the engine and its journal, two threads of it for nothing.
  private static let stackSize = 512 << 10

  /// Starts a detached thread that runs the loop until it is stopped.
  static func start(_ loop: PumpLoop) throws(Errno) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stackSize)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let error = withSignalsBlocked { create(&attributes, loop) }
    guard error == 0 else { throw Errno(rawValue: error) }
  }

  private static func create(_ attributes: inout pthread_attr_t, _ loop: PumpLoop) -> Int32 {
    let argument = Unmanaged.passRetained(loop)
    var thread = pthread_t()
    let error = pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument else { return nil }
        let loop = Unmanaged<PumpLoop>.fromOpaque(argument).takeRetainedValue()
        cexec_name_thread("boxwatch-pump")
        loop.run()
        return nil
      }, argument.toOpaque())
    if error != 0 { argument.release() }
    return error
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
