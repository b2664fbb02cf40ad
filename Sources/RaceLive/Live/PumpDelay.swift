package import ExecModel
import RaceLab

/// The delay of a pump's reports on the way to the dispatcher: the network hop of the stack in the
/// original report.
package enum PumpDelay: Hashable, Sendable {
  /// No delay: the pump calls the dispatcher.
  case none
  /// A fixed delay.
  case fixed(Duration)
  /// A random delay, uniformly distributed over these milliseconds.
  case random(ClosedRange<UInt64>)

  /// The maximum delay; with more the race would take too long.
  static let longest = Duration.seconds(10)

  /// Parses `none`, `2ms` or `0-5ms`.
  ///
  /// - Throws: ``/ExecModel/TextValueError`` for anything else, and for more than 10 s.
  package init(text: String) throws(TextValueError) {
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
        throw TextValueError("'\(text)' is not a range; use the shorter delay first, as in 0-5ms")
      }
      self = .random(Self.milliseconds(low)...Self.milliseconds(high))
    default: throw Self.unknown(text)
    }
  }

  private static func duration(_ part: String, of text: String) throws(TextValueError) -> Duration {
    guard let duration = try? Duration(boxwatchText: part) else { throw unknown(text) }
    guard duration <= longest else { throw TextValueError("'\(text)' is too long; use at most 10s") }
    return duration
  }

  private static func unknown(_ text: String) -> TextValueError {
    TextValueError("'\(text)' is not a delay; use none, 2ms or 0-5ms")
  }

  private static func isNumber(_ text: String) -> Bool { text.utf8.allSatisfy { (48...57).contains($0) || $0 == 46 } }

  private static func unit(_ text: String) -> String { String(text.drop { $0.isNumber || $0 == "." }) }

  private static func milliseconds(_ duration: Duration) -> UInt64 { duration.nanoseconds / 1_000_000 }

  /// Draws a delay in nanoseconds.
  func draw(_ generator: inout SplitMix64) -> UInt64 {
    switch self {
    case .none: 0
    case .fixed(let delay): delay.nanoseconds
    case .random(let range):
      // Drawn in nanoseconds: whole milliseconds would be too coarse.
      UInt64.random(in: range.lowerBound &* 1_000_000...range.upperBound &* 1_000_000, using: &generator)
    }
  }

  /// The delay in the form that ``init(text:)`` parses.
  package var text: String {
    switch self {
    case .none: "none"
    case .fixed(let delay): delay.boxwatchText
    case .random(let range): "\(range.lowerBound)-\(range.upperBound)ms"
    }
  }
}
