import Cells
import ExecModel
import Widgets

/// A diagram of an execution's end: one period of time, drawn once for each source of events.
///
/// All segments share one time axis: a mark further right happened later.
struct DrainLane: Hashable, Sendable {
  /// A run of text in one role.
  struct Part: Hashable, Sendable {
    var text: String
    var role: Role
  }

  /// The minimum period shown before the end, in nanoseconds.
  private static let smallestSpan: UInt64 = 1_000_000
  /// The period shown for a running execution, in nanoseconds.
  private static let liveSpan: UInt64 = 10_000_000_000

  private let row: ExecutionRow
  private let start: UInt64
  private let end: UInt64
  private let isUTF8: Bool

  /// Creates the lane of a row at a time on the monotonic clock.
  init(_ row: ExecutionRow, now: UInt64, isUTF8: Bool) {
    self.row = row
    self.isUTF8 = isUTF8
    let marks = row.marks
    let known = [marks.exited, marks.exit, marks.ends.stdout, marks.ends.stderr].compactMap { $0 } + marks.waits
    let arrivals = [marks.arrivals.stdout.last, marks.arrivals.stderr.last].compactMap { $0 }
    let last = row.isOver ? (known + arrivals).max() ?? 0 : max(row.elapsed(now: now), (known + arrivals).max() ?? 0)
    let isEnding = marks.exited != nil || row.isOver
    let first = isEnding ? (known + arrivals).min() ?? last : last - min(last, Self.liveSpan)
    let span = max(Self.smallestSpan, last - min(first, last))
    // A margin at the left, so that the first mark is not mistaken for the edge.
    start = last - min(last, span / 8 > .max - span ? .max : span + span / 8)
    end = max(last, start + 1)
  }

  /// The lane at a width in columns.
  func parts(width: Int) -> [Part] {
    let streams = row.streams
    let fixed = streams.count * 6 + 1 + 5 + 7 + 7 + 6
    let shortest = 4 * (streams.count + 1)
    let tail = verdict
    let hasTail = fixed + shortest + tail.text.count <= width
    let room = max(shortest, width - fixed - (hasTail ? tail.text.count : 0))
    let axis = min(28, room / (streams.count + 1))
    var parts = [Part(text: " ", role: .dim)]
    for stream in streams {
      parts.append(Part(text: stream == .stdout ? (row.hasTerminal ? "tty " : "out ") : "err ", role: .dim))
      parts.append(Part(text: stretch(stream, axis), role: stream == .stdout ? .streamStdout : .streamStderr))
      parts.append(Part(text: "  ", role: .dim))
    }
    parts.append(Part(text: "exit ", role: .dim))
    parts.append(Part(text: exitStretch(axis), role: .execDraining))
    parts.append(Part(text: "  Exit ", role: .dim))
    parts.append(Part(text: row.isDone ? triangle : none, role: row.isDone ? row.badge.role : .dim))
    parts.append(Part(text: "  Wait ", role: .dim))
    parts.append(Part(text: waits, role: .info))
    parts.append(Part(text: "  ", role: .dim))
    if hasTail { parts.append(tail) }
    return parts
  }

  private var triangle: String { isUTF8 ? "▲" : "^" }
  private var none: String { isUTF8 ? "·" : "." }

  private var waits: String {
    let count = row.marks.waits.count
    if count == 0 { return none }
    return count <= 4 ? String(repeating: triangle, count: count) : "\(triangle)x\(count)"
  }

  private func place(_ time: UInt64, _ width: Int) -> Int {
    guard time > start else { return 0 }
    let share = Double(time - start) / Double(end - start)
    return min(width - 1, max(0, Int(share * Double(width - 1) + 0.5)))
  }

  private func stretch(_ stream: ExecStream, _ width: Int) -> String {
    var axis = [Character](repeating: isUTF8 ? "─" : "-", count: width)
    for time in row.marks.arrivals[stream] where time >= start { axis[place(time, width)] = isUTF8 ? "●" : "o" }
    if let over = row.marks.ends[stream] {
      let mark = place(over, width)
      axis.replaceSubrange(mark..., with: repeatElement(" ", count: width - mark))
      axis[mark] = isTruncated(stream) ? "%" : "|"
    }
    return String(axis)
  }

  private func isTruncated(_ stream: ExecStream) -> Bool {
    row.conclusion?.outcome.truncated.contains(stream) ?? false
  }

  private func exitStretch(_ width: Int) -> String {
    var axis = [Character](repeating: isUTF8 ? "─" : "-", count: width)
    if let exited = row.marks.exited {
      let mark = place(exited, width)
      axis[mark] = "x"
    }
    return String(axis)
  }

  /// The diagram's result in words.
  private var verdict: Part {
    let badge = row.badge
    switch row.state {
    case .waiting, .starting, .running: return Part(text: row.stall ?? badge.word, role: badge.role)
    case .draining, .emptying: return Part(text: row.note, role: badge.role)
    case .interrupted: return Part(text: row.note, role: badge.role)
    case .done(let conclusion):
      guard conclusion.isWhole else { return Part(text: row.note, role: .truncated) }
      guard let exited = row.marks.exited, let exit = row.marks.exit, exit >= exited else {
        return Part(text: row.statusWords, role: badge.role)
      }
      return Part(text: "drained in " + NumberText.span(nanoseconds: exit - exited), role: badge.role)
    }
  }
}

extension Painter {
  /// Draws the drain lane of the selected execution.
  mutating func paintLane() {
    guard let area = layout.lane, let row = model.selected else { return }
    let lane = DrainLane(row, now: model.now, isUTF8: model.display.isUTF8)
    write(
      lane.parts(width: area.width).map { ($0.text, $0.role) }, row: area.row, column: area.column, within: area)
  }
}
