/// Which signal a client sends; the list is BoxLite's.
public struct SignalBody: Hashable, Sendable {
  /// The signals that may be sent: HUP, INT, QUIT, ABRT, USR1, USR2, TERM, WINCH by Linux's numbers.
  public static let allowed: [Int64] = [1, 2, 3, 6, 10, 12, 15, 28]

  /// The signal's number.
  public var number: Int32

  /// Makes a request; the server says whether it takes the number.
  public init(number: Int32) { self.number = number }

  /// The request as JSON.
  public var json: JSONValue { .object([JSONMember("signal", .integer(Int64(number)))]) }

  /// Reads a request's body.
  ///
  /// - Parameter isFree: whether any signal may be sent, 1 to 64, and not just those of the list.
  /// - Throws: ``WireError`` for a number that may not be sent.
  public init(body: [UInt8], isFree: Bool = false) throws(WireError) {
    try self.init(try JSONObject(body: body), field: "signal", isFree)
  }

  init(_ object: JSONObject, field: String, _ isFree: Bool) throws(WireError) {
    let number = try object.requiredInteger(field, in: 1...64)
    guard isFree || Self.allowed.contains(number) else {
      let list = Self.allowed.map(String.init).joined(separator: ", ")
      throw WireError("signal \(number) cannot be sent: one of \(list), or DELETE the execution to kill it")
    }
    self.number = Int32(number)
  }
}
