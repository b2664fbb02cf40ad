import JSON

/// Takes an engine's stream of events apart: one JSON object to a line.
struct EventLines {
  private var rest: [UInt8] = []

  /// No event of an engine is that large.
  private static let largest = 1 << 20

  /// The events that are whole with these bytes.
  mutating func take(_ bytes: borrowing RawSpan) -> [JSONValue] {
    bytes.withUnsafeBytes { rest += $0 }
    let lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var events = lines.dropLast().compactMap(Self.event)
    rest = Array(lines.last ?? [])
    // Podman may leave the line break out behind the last one.
    if rest.last == UInt8(ascii: "}"), let event = Self.event(rest[...]) {
      events.append(event)
      rest = []
    }
    if rest.count > Self.largest { rest = [] }
    return events
  }

  private static func event(_ line: ArraySlice<UInt8>) -> JSONValue? { try? JSONValue(parsing: Array(line)) }
}
