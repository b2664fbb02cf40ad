import ExecEngine
import ExecModel
import Journal
import Synchronization

/// One subscription and what is done with its events, on a thread of its own.
final class Follower: Sendable {
  private let subscription: Subscription
  private let consumer: any EventConsumer
  private let problem = Mutex<String?>(nil)

  init(_ subscription: Subscription, _ consumer: any EventConsumer) {
    self.subscription = subscription
    self.consumer = consumer
  }

  /// What ended it before its time.
  var failure: String? { problem.withLock { $0 } }

  /// Ends it without a run: the command no longer waits for it.
  func abandon(_ reason: String) {
    problem.withLock { $0 = reason }
    subscription.cancel()
  }

  /// Hands every event over, to the end.
  func run() {
    defer { subscription.cancel() }
    do {
      let wake = try WakeDescriptor()
      while true {
        let events = try subscription.poll()
        for event in events { try consumer.take(event, subscription.journal) }
        guard events.isEmpty else { continue }
        if subscription.hasEnded { return }
        if subscription.arm({ wake.wake() }) { wake.wait() }
      }
    } catch {
      problem.withLock { $0 = "\(error)" }
    }
  }
}
