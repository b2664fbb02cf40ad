public import JSON

/// Which signal a client sends; the list is BoxLite's.
public struct SignalBody: Hashable, Sendable {
  /// The signals that BoxLite lets clients send: HUP, INT, QUIT, ABRT, USR1, USR2, TERM, WINCH by Linux's numbers.
  public static let standard: [Int32] = [1, 2, 3, 6, 10, 12, 15, 28]
  /// All that Linux has.
  public static let all: [Int32] = Array(1...64)

  /// The signal's number.
  public var number: Int32

  /// Makes a request; the server says whether it takes the number.
  public init(number: Int32) { self.number = number }

  /// The request as JSON.
  public var json: JSONValue { .object([JSONMember("signal", .integer(Int64(number)))]) }

  /// Reads a request's body.
  ///
  /// - Parameter allowed: the signals that may be sent.
  /// - Throws: ``JSONError`` for a number that may not be sent.
  public init(body: [UInt8], allowed: [Int32] = standard) throws(JSONError) {
    try self.init(try JSONObject(body: body), field: "signal", allowed)
  }

  init(_ object: JSONObject, field: String, _ allowed: [Int32]) throws(JSONError) {
    let number = Int32(try object.requiredInteger(field, in: 1...64))
    guard allowed.contains(number) else {
      let list = allowed.map(String.init).joined(separator: ", ")
      throw JSONError("signal \(number) cannot be sent: one of \(list), or DELETE the execution to kill it")
    }
    self.number = number
  }
}
