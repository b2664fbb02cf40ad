import ExecEngine
import ExecModel
import Glibc
import Synchronization

/// A thread that starts a command, and lives until it is ended.
final class StartingThread: Sendable {
  private let box: any Box
  private let spec: ExecutionSpec
  private let sink: RecordingSink
  private let gate: FifoGate
  private let thread = Mutex(pthread_t())
  private let result = Mutex<Result<Run, any Error>?>(nil)

  /// Makes the thread, which starts the command at once.
  init(_ box: any Box, _ spec: ExecutionSpec, sink: RecordingSink, gate: FifoGate) {
    self.box = box
    self.spec = spec
    self.sink = sink
    self.gate = gate
    let argument = Unmanaged.passRetained(self).toOpaque()
    thread.withLock { thread in
      _ = pthread_create(&thread, nil, Self.body, argument)
    }
  }

  private static let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
    guard let argument else { return nil }
    Unmanaged<StartingThread>.fromOpaque(argument).takeRetainedValue().run()
    return nil
  }

  private func run() {
    let started = Result { try Run(box, spec, sink: sink) }
    result.withLock { $0 = started }
    gate.pass()
  }

  /// Lets the thread end, and returns the command when the thread is gone.
  func end() throws -> Run? {
    gate.open()
    pthread_join(thread.withLock { $0 }, nil)
    return try result.withLock { try $0?.get() }
  }
}
