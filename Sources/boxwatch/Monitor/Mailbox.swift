import Synchronization

/// Values from other threads, for the loop.
final class Mailbox<Value: Sendable>: Sendable {
  private let values = Mutex<[Value]>([])
  private let wake: WakeDescriptor

  init(_ wake: WakeDescriptor) { self.wake = wake }

  /// Adds a value and wakes the loop.
  func post(_ value: Value) {
    values.withLock { $0.append(value) }
    wake.wake()
  }

  /// Everything that was posted.
  func take() -> [Value] {
    values.withLock { values in
      defer { values = [] }
      return values
    }
  }
}
