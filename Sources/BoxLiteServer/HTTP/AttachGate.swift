import BoxLiteWire
import JSON
import NIOHTTP1
import Synchronization

/// Decides about one connection's upgrade: the claim is taken before it, so that a refusal is an HTTP answer.
final class AttachGate: Sendable {
  private struct State {
    var ticket: AttachTicket?
    var refusal: ErrorReply?
  }

  private let service: any Answering
  private let visitor: Visitor
  private let state = Mutex(State())

  init(_ service: any Answering, _ visitor: Visitor) { (self.service, self.visitor) = (service, visitor) }

  /// Whether a request may become a WebSocket; the reason stays here for the HTTP answer when it may not.
  func opens(for head: HTTPRequestHead) -> Bool {
    let request = Request(method: head.method.rawValue, target: head.uri)
    guard case .attach(let box, let execution) = Route(path: request.path), head.method == .GET,
      // RFC 6455, section 4.2.1; NIO looks at `Upgrade` alone.
      head.headers[canonicalForm: "connection"].contains(where: { $0.lowercased() == "upgrade" })
    else { return false }
    let outcome = claim(box, execution, request.query, head)
    return state.withLock { state in
      switch outcome {
      case .success(let ticket): state.ticket = ticket
      case .failure(let refusal): state.refusal = refusal
      }
      return state.refusal == nil
    }
  }

  private func claim(
    _ box: String, _ execution: String, _ query: Substring, _ head: HTTPRequestHead
  ) -> Result<AttachTicket, ErrorReply> {
    if let refusal = visitor.refusal(of: head.headers) { return .failure(refusal) }
    // The upgrade waits for the request's end, and the claim must not: nobody could write meanwhile.
    if head.announcesBody { return .failure(ErrorReply(.invalidArgument, "an attach takes no body")) }
    let asked: AttachQuery
    do { asked = try AttachQuery(query) } catch { return .failure(ErrorReply(.invalidArgument, error.description)) }
    return Result { () throws(ErrorReply) in try service.claim(box, execution, asked) }
  }

  /// The claim, to be given back by who takes it.
  func takeTicket() -> AttachTicket? { state.withLock { $0.ticket.take() } }

  /// Why there was no upgrade.
  func takeRefusal() -> ErrorReply? { state.withLock { $0.refusal.take() } }
}
