import Cells
import ExecModel
import RaceLab

/// What really happened and when the two users were told, one after the other, wrapped into lines.
struct HoldTimeline {
  /// One entry: its time and its words.
  struct Entry: Hashable {
    let time: UInt64
    let words: String
    let role: Role

    /// The time as it is written.
    var clock: String { NumberText.span(nanoseconds: time) }
  }

  /// The entries by time.
  let entries: [Entry]

  /// The moments of a command, and the ends that these sides told.
  init(_ snapshot: HeldSnapshot, sides: [HeldSide]) {
    let moments = snapshot.moments.map { Entry(time: $0.time, words: $0.words, role: $0.role) }
    let ends = sides.compactMap { side in
      side.endTime.map { Entry(time: $0, words: "\(side.kind.name) tells the end", role: side.role) }
    }
    // What was told stands behind what caused it, which has the same time or an earlier one.
    var entries = moments
    for end in ends {
      let place = entries.lastIndex { $0.time <= end.time }.map { $0 + 1 } ?? 0
      entries.insert(end, at: place)
    }
    self.entries = entries
  }

  /// The entries in lines of a width, each with a separator's room behind it.
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
