public import JSON

/// What an attach request's query asks for.
public struct AttachQuery: Hashable, Sendable {
  /// Whether the client may write; a reader is refused every kind of input.
  public var allowsInput = true
  /// The first byte of each stream that the client does not have; nil when it names none.
  public var from: (stdout: UInt64, stderr: UInt64)? {
    guard stdout != nil || stderr != nil else { return nil }
    return (stdout ?? 0, stderr ?? 0)
  }
  private var stdout: UInt64?
  private var stderr: UInt64?

  /// Makes a query; offsets are named only to servers that know them.
  public init(allowsInput: Bool = true, from: (stdout: UInt64, stderr: UInt64)? = nil) {
    self.allowsInput = allowsInput
    (stdout, stderr) = (from?.stdout, from?.stderr)
  }

  /// The query as ``init(_:)`` reads it, with its `?`; empty when it asks for nothing special.
  public var text: String {
    var pairs = allowsInput ? [] : ["stdin=0"]
    if let stdout { pairs.append("from_stdout=\(stdout)") }
    if let stderr { pairs.append("from_stderr=\(stderr)") }
    return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
  }

  /// Reads a query, the part of the target after `?`.
  ///
  /// - Throws: ``JSONError`` for a value that means nothing.
  public init(_ query: Substring) throws(JSONError) {
    for pair in query.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let value = parts.count == 2 ? parts[1] : ""
      switch parts[0] {
      case "stdin": allowsInput = try Self.flag(value)
      case "from_stdout": stdout = try Self.offset("from_stdout", value)
      case "from_stderr": stderr = try Self.offset("from_stderr", value)
      default: break
      }
    }
  }

  private static func flag(_ value: Substring) throws(JSONError) -> Bool {
    switch value {
    case "1", "true": true
    case "0", "false": false
    default: throw JSONError("query 'stdin' must be 0, 1, false or true")
    }
  }

  private static func offset(_ name: String, _ value: Substring) throws(JSONError) -> UInt64 {
    guard let number = UInt64(value) else { throw JSONError("query '\(name)' must be a number of bytes") }
    return number
  }
}
