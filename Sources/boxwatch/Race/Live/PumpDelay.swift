import ExecModel
import RaceLab

/// How long what a pump read is under way to the dispatcher: the network hop of the stack that the report came from.
enum PumpDelay: Hashable, Sendable {
  /// No hop: the pump calls the dispatcher.
  case none
  /// Always this long.
  case fixed(Duration)
  /// Each time another while, drawn evenly from these milliseconds.
  case random(ClosedRange<UInt64>)

  /// The longest delay: with more nobody would still be looking.
  static let longest = Duration.seconds(10)

  /// Reads `none`, `2ms` or `0-5ms`.
  ///
  /// - Throws: ``/ExecModel/TextValueError`` for anything else, and for more than ``longest``.
  init(text: String) throws(TextValueError) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    switch parts.count {
    case 1 where text == "none": self = .none
    case 1:
      let delay = try Self.duration(text, of: text)
      self = delay == .zero ? .none : .fixed(delay)
    case 2:
      let high = try Self.duration(parts[1], of: text)
      let low = try Self.duration(parts[0] + (Self.isNumber(parts[0]) ? Self.unit(parts[1]) : ""), of: text)
      guard low <= high else {
        throw TextValueError("'\(text)' is no range: write the shorter delay first, as in 0-5ms")
      }
      self = .random(Self.milliseconds(low)...Self.milliseconds(high))
    default: throw Self.unknown(text)
    }
  }

  private static func duration(_ part: String, of text: String) throws(TextValueError) -> Duration {
    guard let duration = try? Duration(boxwatchText: part) else { throw unknown(text) }
    guard duration <= longest else { throw TextValueError("'\(text)' is too long a delay: at most 10s") }
    return duration
  }

  private static func unknown(_ text: String) -> TextValueError {
    TextValueError("'\(text)' is no delay: write none, 2ms or 0-5ms")
  }

  private static func isNumber(_ text: String) -> Bool { text.utf8.allSatisfy { (48...57).contains($0) || $0 == 46 } }

  private static func unit(_ text: String) -> String { String(text.drop { $0.isNumber || $0 == "." }) }

  private static func milliseconds(_ duration: Duration) -> UInt64 { duration.nanoseconds / 1_000_000 }

  /// One delay in nanoseconds.
  func draw(_ generator: inout SplitMix64) -> UInt64 {
    switch self {
    case .none: 0
    case .fixed(let delay): delay.nanoseconds
    case .random(let range):
      // Drawn in nanoseconds: whole milliseconds alone would be a coarse hop.
      UInt64.random(in: range.lowerBound &* 1_000_000...range.upperBound &* 1_000_000, using: &generator)
    }
  }

  /// The delay as ``init(text:)`` reads it.
  var text: String {
    switch self {
    case .none: "none"
    case .fixed(let delay): delay.boxwatchText
    case .random(let range): "\(range.lowerBound)-\(range.upperBound)ms"
    }
  }
}
