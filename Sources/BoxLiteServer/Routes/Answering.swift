import BoxLiteWire
import JSON

/// Answers requests and lets clients in: the rules of one kind of listener.
///
/// Every method may be called from any thread, and may block for as long as a command takes to start.
protocol Answering: Sendable {
  var store: Store { get }
  /// The signals that may be sent.
  var signals: [Int32] { get }

  func answer(_ request: Request) throws(ErrorReply) -> Response

  /// Lets a client in before its upgrade; quick, as it is called on the event loop.
  func claim(_ box: String, _ execution: String, _ query: AttachQuery) throws(ErrorReply) -> AttachTicket
}

extension Answering {
  /// Reads a request's body.
  func read<Body>(
    _ request: Request, _ body: ([UInt8]) throws(JSONError) -> Body
  ) throws(ErrorReply) -> Body {
    do throws(JSONError) { return try body(request.body) } catch {
      throw ErrorReply(.invalidArgument, error.description)
    }
  }
}
