import NIOCore
import Synchronization

/// The way of other threads to a server's event loops, shut before the loops end: a command may outlive its server.
final class LoopDoor: Sendable {
  private let isOpen = Mutex(true)

  /// Has a loop do something soon; not any more once the door is shut.
  func execute(on loop: any EventLoop, _ body: @escaping @Sendable () -> Void) {
    // Inside the lock, so that nobody who was let in comes after the loops have ended.
    isOpen.withLock { if $0 { loop.execute(body) } }
  }

  /// Lets nobody in any more.
  func shut() { isOpen.withLock { $0 = false } }
}
