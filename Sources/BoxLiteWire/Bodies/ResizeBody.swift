public import JSON

/// A terminal's new size.
public struct ResizeBody: Hashable, Sendable {
  /// Columns, 1 to 65,535.
  public var columns: UInt16
  /// Rows, 1 to 65,535.
  public var rows: UInt16

  /// Makes a request.
  public init(columns: UInt16, rows: UInt16) { (self.columns, self.rows) = (columns, rows) }

  /// The request as JSON.
  public var json: JSONValue {
    .object([JSONMember("cols", .integer(Int64(columns))), JSONMember("rows", .integer(Int64(rows)))])
  }

  /// Reads a request's body.
  ///
  /// - Throws: ``JSONError`` that names the field.
  public init(body: [UInt8]) throws(JSONError) { try self.init(try JSONObject(body: body)) }

  init(_ object: JSONObject) throws(JSONError) {
    columns = UInt16(try object.requiredInteger("cols", in: 1...65_535))
    rows = UInt16(try object.requiredInteger("rows", in: 1...65_535))
  }
}
