import Glibc
import TestSupport

/// A thread that runs at once and can be waited for.
final class StartedThread: Sendable {
  private let gate = Gate()

  init(_ body: @escaping @Sendable () -> Void) {
    let work = Work {
      body()
      self.gate.open()
    }
    var thread = pthread_t()
    let made = pthread_create(
      &thread, nil,
      { pointer in
        if let pointer { Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body() }
        return nil
      }, Unmanaged.passRetained(work).toOpaque())
    precondition(made == 0, "no thread")
    pthread_detach(thread)
  }

  func join() { gate.wait(seconds: 300) }

  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
