import Cells
import ExecModel
import RaceLab
import Widgets

/// The layout of the hold page.
struct HoldLayout: Hashable, Sendable {
  /// The top line.
  let header: Rect
  /// The gates and the process, with their border.
  let gates: Rect
  /// The two halves, with their borders.
  let halves: [Rect]
  /// The timeline with its border; nil where there is no room.
  let timeline: Rect?

  /// Rows of the gates with their border: two streams, the exit, the process.
  private static let gateRows = 6
  private static let leastHalf = 6

  /// Creates the layout of a screen; the lab's minimum size applies.
  init(height: Int, width: Int) {
    header = Rect(row: 0, column: 0, height: 1, width: width)
    gates = Rect(row: 1, column: 0, height: Self.gateRows, width: width)
    let room = max(0, height - 1 - gates.bottom)
    let timelineRows = room >= Self.leastHalf + 4 ? max(4, room * 2 / 5) : 0
    let half = width / 2
    let rows = room - timelineRows
    halves = [
      Rect(row: gates.bottom, column: 0, height: rows, width: half),
      Rect(row: gates.bottom, column: half, height: rows, width: width - half),
    ]
    timeline =
      timelineRows == 0
      ? nil : Rect(row: gates.bottom + rows, column: 0, height: timelineRows, width: width)
  }
}

/// The actual events and the times at which the two users received the end, in sequence, wrapped
/// into lines.
struct HoldTimeline {
  /// An entry with its time and text.
  struct Entry: Hashable {
    let time: UInt64
    let words: String
    let role: Role

    /// The displayed time.
    var clock: String { NumberText.span(nanoseconds: time) }
  }

  /// The entries by time.
  let entries: [Entry]

  /// Creates the entries from a command's events, and from the ends of these sides.
  init(_ snapshot: HeldSnapshot, sides: [HeldSide]) {
    let moments = snapshot.moments.map { Entry(time: $0.time, words: $0.words, role: $0.role) }
    let ends = sides.compactMap { side in
      side.endTime.map { Entry(time: $0, words: "\(side.kind.name) reports the end", role: side.role) }
    }
    // An announcement follows its cause, which has the same time or an earlier one.
    var entries = moments
    for end in ends {
      let place = entries.lastIndex { $0.time <= end.time }.map { $0 + 1 } ?? 0
      entries.insert(end, at: place)
    }
    self.entries = entries
  }

  /// The entries in lines of a width, each with room for a separator after it.
  func lines(width: Int, separator: String) -> [[Entry]] {
    var lines: [[Entry]] = []
    var used = 0
    for entry in entries {
      let columns = TextWidth.columns(of: entry.clock + " " + entry.words + separator)
      if lines.isEmpty || used + columns > width {
        lines.append([])
        used = 0
      }
      lines[lines.count - 1].append(entry)
      used += columns
    }
    return lines
  }
}

/// One line per gate, and one for the process, in pieces of one role each.
struct HoldGateText {
  /// A line as pieces.
  typealias Line = [(String, Role)]

  private static let gauge = 20

  private let snapshot: HeldSnapshot
  private let isUTF8: Bool

  init(_ snapshot: HeldSnapshot, isUTF8: Bool) {
    self.snapshot = snapshot
    self.isUTF8 = isUTF8
  }

  /// The lines, in the order of the keys.
  func lines() -> [Line] { [stream(.stdout), stream(.stderr), exit, process] }

  private func head(_ key: Int, _ gate: HeldGate, _ role: Role) -> Line {
    let isHeld = snapshot.isHeld(gate)
    let mark = isHeld ? (isUTF8 ? "■ held " : "# held ") : (isUTF8 ? "□ open " : "o open ")
    let name = gate.name + String(repeating: " ", count: 7 - gate.name.count)
    return [(" \(key) ", .helpKey), (name, role), (mark, isHeld ? .warning : .execOK)]
  }

  private func stream(_ stream: ExecStream) -> Line {
    let pipe = snapshot[stream]
    let isStdout = stream == .stdout
    let role = Role.of(stream)
    return head(isStdout ? 1 : 2, HeldGate(stream), role) + bar(pipe, role) + [
      (words(pipe), pipe.isFull ? .warning : .text)
    ]
  }

  /// The fill of the pipe: a full bar only for a full pipe, an empty one only for an empty pipe.
  private func bar(_ pipe: HeldPipe, _ role: Role) -> Line {
    let share = pipe.capacity == 0 ? 0 : min(1, Double(pipe.unread) / Double(pipe.capacity)) * Double(Self.gauge)
    let most = pipe.isFull ? Self.gauge : Self.gauge - 1
    let filled = pipe.unread == 0 ? 0 : min(most, max(1, Int(share)))
    return [
      (String(repeating: isUTF8 ? "█" : "#", count: filled), role),
      (String(repeating: isUTF8 ? "░" : ".", count: Self.gauge - filled), .dim), (" ", .text),
    ]
  }

  private func words(_ pipe: HeldPipe) -> String {
    if pipe.isOver { return "\(NumberText.grouped(pipe.read)) bytes read, then the end" }
    let fill = "\(NumberText.grouped(pipe.unread)) of \(NumberText.grouped(pipe.capacity)) bytes"
    return fill + (pipe.isFull ? ", full" : "") + (pipe.isEndWaiting ? ", end waits" : "")
  }

  private var exit: Line { head(3, .exit, .execDraining) + [exitWords] }

  private var exitWords: (String, Role) {
    guard let status = snapshot.exit.status else { return ("the process has not exited", .dim) }
    return snapshot.exit.isTold
      ? ("\(status.words), reported to the dispatchers", .text) : ("\(status.words), not reported yet", .warning)
  }

  private var process: Line {
    let activity = snapshot.activity
    var line: Line = [
      ("   process ", .dim), (activity.glyph(isUTF8: isUTF8) + " ", activity.role), (activity.words, activity.role),
    ]
    if case .blockedInWrite(_, let writer) = activity { line.append((" (process \(writer))", .dim)) }
    return line
  }
}
