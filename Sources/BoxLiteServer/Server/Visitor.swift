import BoxLiteWire
import NIOCore
import NIOHTTP1
import Synchronization

/// One connection, from its acceptance to its end: whether it is answered, and since when it is known.
final class Visitor: Sendable {
  private let admission: Admission
  private let connections: Connections
  private let limit: Int
  private let number: UInt64
  private let state: Mutex<State>

  private struct State {
    var isKnown = false
    /// Why every request is refused.
    var refusal: ErrorReply?
  }

  /// Takes a connection in.
  init(_ channel: any Channel, _ admission: Admission, _ connections: Connections, limit: Int) {
    (self.admission, self.connections, self.limit) = (admission, connections, limit)
    state = Mutex(State())
    number = connections.enter(channel)
    channel.closeFuture.whenComplete { [self] _ in connections.leave(number, wasKnown: isKnown) }
  }

  /// Whether it has shown who it is.
  var isKnown: Bool { state.withLock { $0.isKnown } }

  /// Why every request of it is refused, whatever it says; nil when each is looked at.
  var standing: ErrorReply? { state.withLock { $0.refusal } }

  /// Has every request refused.
  func refuse(_ refusal: ErrorReply) { state.withLock { $0.refusal = refusal } }

  /// The kernel says who it is: it needs to show nothing.
  ///
  /// Returns false for one that is not worth an answer, as so many are there already.
  func isKnownByKernel() -> Bool { (admit() ?? .max) <= limit * 2 }

  /// Why a request with these headers is not answered; nil when it is.
  func refusal(of headers: HTTPHeaders, isOpen: Bool = false) -> ErrorReply? {
    if let standing { return standing }
    if let refusal = admission.refusal(of: headers, isOpen: isOpen) { return refusal }
    if !isOpen, !isKnown { _ = admit() }
    return standing
  }

  /// Notes that it has shown who it is.
  private func admit() -> Int? {
    let count = connections.admit(number)
    state.withLock { state in
      state.isKnown = count != nil
      if let count, count > limit {
        state.refusal = ErrorReply(
          .resourceExhausted, "this server has \(limit) connections already: try again later")
      }
    }
    return count
  }
}
