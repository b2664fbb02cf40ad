import ExecEngine
import ExecModel
import Glibc
import Synchronization

/// Starts a command on a thread that ends right after.
final class ThreadStart: Sendable {
  private let box: any Box
  private let spec: ExecutionSpec
  private let result = Mutex<Result<Run, any Error>?>(nil)

  init(_ box: any Box, _ spec: ExecutionSpec) {
    self.box = box
    self.spec = spec
  }

  /// Returns when the thread is gone.
  func runOnEndingThread() throws -> Run? {
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(self).toOpaque()
    pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue().start()
        return nil
      }, argument)
    pthread_join(thread, nil)
    return try result.withLock { try $0?.get() }
  }

  private func start() {
    let started = Result { try Run(box, spec) }
    result.withLock { $0 = started }
  }
}
