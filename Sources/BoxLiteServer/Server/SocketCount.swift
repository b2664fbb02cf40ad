import Synchronization

/// How many connections are open.
final class SocketCount: Sendable {
  private let count = Atomic<Int>(0)

  /// Counts one more, and returns how many there are with it.
  func enter() -> Int { count.add(1, ordering: .relaxed).newValue }

  /// Counts one less.
  func leave() { count.subtract(1, ordering: .relaxed) }
}
