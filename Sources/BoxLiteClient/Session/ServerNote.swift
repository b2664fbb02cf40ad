import BoxLiteWire
import ExecModel

/// What an error frame means for the output; the connection goes on.
enum ServerNote: Hashable {
  /// These streams were given up before their end.
  case truncated(StreamSet)
  /// Bytes before this offset of the stream are gone from the server's own record.
  case missing(ExecStream, before: UInt64)
  /// Some of what comes now may have come before.
  case mayRepeat
  /// Everything comes again, from the first byte.
  case replayed
  /// The command takes no input any more.
  case inputClosed
  /// Nothing of the output.
  case other

  /// Reads what our own server says; a real one has none of these codes.
  init(message: String, code: String) {
    switch code {
    case "output_truncated":
      let named = StreamSet(ExecStream.allCases.filter { message.contains($0.name) }.map(StreamSet.init))
      self = .truncated(named.isEmpty ? .both : named)
    case "output_lost": self = Self.missing(message) ?? .other
    case "output_may_repeat": self = .mayRepeat
    case "output_replayed": self = .replayed
    case "stdin_closed": self = .inputClosed
    default: self = .other
    }
  }

  /// Reads `STREAM: bytes A to B are gone`.
  private static func missing(_ message: String) -> ServerNote? {
    guard let stream = ExecStream.allCases.first(where: { message.hasPrefix($0.name + ":") }),
      let end = message.split(separator: " ").compactMap({ UInt64($0) }).last
    else { return nil }
    return .missing(stream, before: end)
  }
}
