import BoxwatchUI
import Synchronization

/// Messages from other threads, for the loop.
final class Mailbox: Sendable {
  private let messages = Mutex<[Message]>([])
  private let wake: WakeDescriptor

  init(_ wake: WakeDescriptor) { self.wake = wake }

  /// Adds a message and wakes the loop.
  func post(_ message: Message) {
    messages.withLock { $0.append(message) }
    wake.wake()
  }

  /// Everything that was posted.
  func take() -> [Message] {
    messages.withLock { messages in
      defer { messages = [] }
      return messages
    }
  }
}
