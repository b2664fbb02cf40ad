import Glibc
import Linux

/// One line on standard error with the progress of a long run; drawn only on a terminal.
///
/// It needs no escape sequence: a carriage return, the line, and spaces over a longer earlier line.
/// So a dumb terminal shows it as well.
package struct ProgressBar {
  /// Nanoseconds before it is first drawn: a short run needs none.
  package static let patience: UInt64 = 500_000_000
  /// Nanoseconds between two drawings.
  private static let pace: UInt64 = 100_000_000
  private static let barWidth = 24

  private let isShown: Bool
  private let began: UInt64
  private var drawn: UInt64?
  private var widest = 0

  /// Starts the clock.
  package init() {
    isShown = isatty(STDERR_FILENO) == 1
    began = MonotonicClock.now
  }

  /// Draws it when an update is due.
  package mutating func show(_ done: Int, of total: Int, _ words: @autoclosure () -> String) {
    guard isShown else { return }
    let now = MonotonicClock.now
    guard now &- began >= Self.patience, drawn.map({ now &- $0 >= Self.pace }) ?? true else { return }
    drawn = now
    draw(Self.line(done, of: total, elapsed: now &- began) + words())
  }

  /// Erases it before other output is written.
  package mutating func clear() {
    guard drawn != nil else { return }
    draw("")
    Diagnostics.overwrite("")
    drawn = nil
    widest = 0
  }

  private mutating func draw(_ line: String) {
    let text = String(line.prefix(Self.columns - 1))
    Diagnostics.overwrite(text + String(repeating: " ", count: max(0, min(widest, Self.columns - 1) - text.count)))
    widest = max(widest, text.count)
  }

  /// `[#####...................]  21 %  3 s left  `.
  package static func line(_ done: Int, of total: Int, elapsed: UInt64) -> String {
    let share = total > 0 ? min(1, max(0, Double(done) / Double(total))) : 0
    let filled = Int(share * Double(barWidth))
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: barWidth - filled)
    let percent = String(Int(share * 100))
    let space = String(repeating: " ", count: 3 - percent.count)
    return "[\(bar)] \(space)\(percent) %  \(left(share, elapsed))  "
  }

  private static func left(_ share: Double, _ elapsed: UInt64) -> String {
    guard share > 0 else { return "" }
    let seconds = (Double(elapsed) / 1e9 * (1 - share) / share).rounded(.up)
    if seconds < 120 { return "\(Int(seconds)) s left" }
    return seconds < 7200 ? "\(Int(seconds / 60)) min left" : seconds < 1e9 ? "\(Int(seconds / 3600)) h left" : ""
  }

  private static var columns: Int { Terminal.columns(of: STDERR_FILENO) ?? 80 }
}
