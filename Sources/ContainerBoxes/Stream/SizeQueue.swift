import NIOCore

/// Keeps a terminal's new sizes, which go by requests of their own, in order among each other and with what is typed.
final class SizeQueue {
  private let loop: any EventLoop
  private var last: EventLoopFuture<Void>?

  init(_ loop: any EventLoop) { self.loop = loop }

  /// Sends a size after the one before was answered; a refusal is no trouble.
  func add(_ send: @escaping @Sendable () -> EventLoopFuture<Void>) {
    let before = last ?? loop.makeSucceededVoidFuture()
    let next = before.flatMap(send).recover { _ in }
    last = next
    next.assumeIsolated().whenComplete { [self] _ in
      if last === next { last = nil }
    }
  }

  /// Does something after all sizes that were added, at once when there are none.
  func after(_ work: @escaping () -> Void) {
    guard let last else { return work() }
    last.assumeIsolated().whenComplete { _ in work() }
  }
}
