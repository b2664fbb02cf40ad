/// A terminal's new size.
public struct ResizeBody: Hashable, Sendable {
  /// Columns, 1 to 65,535.
  public var columns: UInt16
  /// Rows, 1 to 65,535.
  public var rows: UInt16

  /// Reads a request's body.
  ///
  /// - Throws: ``WireError`` that names the field.
  public init(body: [UInt8]) throws(WireError) { try self.init(try JSONObject(body: body)) }

  init(_ object: JSONObject) throws(WireError) {
    columns = UInt16(try object.requiredInteger("cols", in: 1...65_535))
    rows = UInt16(try object.requiredInteger("rows", in: 1...65_535))
  }
}
