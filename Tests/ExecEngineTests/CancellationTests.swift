import ExecEngine
import ExecModel
import Journal
import Synchronization
import TestSupport
import Testing

/// A subscriber's task can be cancelled at any moment, and never sleeps on.
@Suite struct CancellationTests {
  /// A clock that runs a hook whenever it is asked, so that a test can act in the middle of the engine's work.
  private final class HookedTimers: EngineTimers {
    private let hook = Mutex<(@Sendable () -> Void)?>(nil)

    func now() -> UInt64 {
      hook.withLock { $0 }?()
      return 0
    }

    func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) {}

    func set(_ hook: @escaping @Sendable () -> Void) { self.hook.withLock { $0 = hook } }
  }

  @Test(.timeLimit(.minutes(10)))
  func `a cancellation that comes after a look for it and before the sleep ends the wait`() async throws {
    let folder = ScratchFolder()
    let timers = HookedTimers()
    let engine = Engine(stateDirectory: folder.path, timers: timers)
    let id = try engine.start(ExecutionSpec(command: ["test"]), in: ScriptedBox())
    let subscription = try engine.attach(id)
    #expect(try subscription.poll().count == 1)
    // The clock is asked within `next`, when it has looked whether the task is cancelled.
    timers.set { withUnsafeCurrentTask { $0?.cancel() } }
    let task = Task.detached { try await subscription.next() }
    #expect(try await task.value == nil)
    #expect(task.isCancelled)
  }

  @Test(.timeLimit(.minutes(10)))
  func `a sleeping task that is cancelled wakes up`() async throws {
    let fixture = try EngineFixture()
    var random = SeededGenerator()
    for trial in 0..<500 {
      let subscription = try fixture.engine.attach(fixture.id)
      _ = try subscription.poll()
      let task = Task.detached { try await subscription.next() }
      for _ in 0..<Int.random(in: 0..<200, using: &random) { await Task.yield() }
      task.cancel()
      #expect(try await task.value == nil, "trial \(trial), seed \(random.seed)")
    }
  }
}
