import BoxLiteWire
import JSON

/// One answer.
struct Response: Sendable {
  let status: Int
  let body: JSONValue?

  static let noContent = Response(status: 204, body: nil)

  static func ok(_ body: JSONValue) -> Response { Response(status: 200, body: body) }

  static func created(_ body: JSONValue) -> Response { Response(status: 201, body: body) }

  static func failed(_ error: ErrorReply, requestID: String?) -> Response {
    Response(status: error.kind.words.status, body: error.json(requestID: requestID))
  }
}
