package import Cells
import ExecModel
import Journal

/// Durations in short form.
enum ShortDuration {
  private static let units: [(name: String, seconds: UInt64)] = [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)]

  /// The largest unit that fits, rounded down: `3m`, `12h`, `40d`; below ten seconds with one
  /// decimal.
  static func text(_ nanoseconds: UInt64) -> String {
    let tenths = nanoseconds / 100_000_000
    if tenths < 100 { return "\(tenths / 10).\(tenths % 10)s" }
    let seconds = nanoseconds / 1_000_000_000
    let unit = units.first { seconds >= $0.seconds * 2 } ?? ("s", 1)
    return "\(seconds / unit.seconds)\(unit.name)"
  }
}

/// The table of `boxwatch ls`: one line per execution, no wider than the terminal.
package struct ExecutionTable {
  /// The available width in columns.
  let width: Int
  /// Whether states are coloured.
  let isColored: Bool
  /// The current time in nanoseconds since 1970.
  let now: UInt64

  /// Makes a table for a terminal of this width, at this time in nanoseconds since 1970.
  package init(width: Int, isColored: Bool, now: UInt64) {
    self.width = width
    self.isColored = isColored
    self.now = now
  }

  private static let heads = ["ID", "STATE", "AGE", "TOOK", "BOX", "WHERE"]
  /// The right-aligned columns.
  private static let rightColumns: Set<Int> = [2, 3]
  /// The maximum width of each column: together they leave some room for the command on 80 columns.
  private static let widest = [16, Standing.widest, 5, 5, 10, 16]
  /// The minimum width of the command.
  private static let leastCommand = 3

  /// The header and a line per execution.
  package func lines(_ executions: [ListedExecution]) -> [SafeText] {
    let rows = executions.map(cells)
    let widths = Self.heads.indices.map { column in
      ([Self.heads] + rows).map { TextWidth.columns(of: $0[column]) }.max() ?? 0
    }
    let room = max(Self.leastCommand, width - widths.reduce(0) { $0 + $1 + 2 })
    let head = Self.line(Self.heads, "COMMAND", widths, color: nil)
    return [head]
      + zip(executions, rows).map { execution, cells in
        Self.line(cells, command(execution, room), widths, color: isColored ? Self.color(execution.state) : nil)
      }
  }

  private func cells(_ execution: ListedExecution) -> [String] {
    return [
      execution.id.short, execution.stateWords, age(execution.identity.created),
      execution.duration.map(ShortDuration.text) ?? "", execution.boxTitle, execution.whereabouts,
    ].enumerated().map { SafeText.elided($0.element, to: Self.widest[$0.offset]) }
  }

  /// The time since `created`; `?` for one that lies in the future, as in a damaged record or after the clock was set.
  ///
  /// A clock that is corrected by less than a minute makes nothing unknown.
  private func age(_ created: UInt64) -> String {
    guard created > now else { return ShortDuration.text(now - created) }
    return created - now < 60_000_000_000 ? ShortDuration.text(0) : "?"
  }

  private func command(_ execution: ListedExecution, _ room: Int) -> String {
    SafeText.elided(execution.spec.name ?? CommandWords.joined(execution.spec.command), to: room)
  }

  private static func line(_ cells: [String], _ command: String, _ widths: [Int], color: String?) -> SafeText {
    let padded = cells.enumerated().map { column, cell in
      let space = String(repeating: " ", count: max(0, widths[column] - TextWidth.columns(of: cell)))
      if rightColumns.contains(column) { return "\(space)\(cell)" as SafeText }
      guard column == 1, let color else { return "\(cell)\(space)" as SafeText }
      return "\u{1B}[\(color)m\(cell)\u{1B}[0m\(space)" as SafeText
    }
    return padded.reversed().reduce("\(command)" as SafeText) { "\($1)  \($0)" }
  }

  /// One of the terminal's sixteen colours (ECMA-48, SGR); nil for a state that needs no attention.
  private static func color(_ state: Standing) -> String? {
    switch state {
    case .waiting, .starting, .running: "32"
    case .draining, .emptying: "33"
    case .done(let conclusion): conclusion.isWhole && conclusion.outcome.status.isSuccess ? nil : "31"
    case .interrupted: "35"
    }
  }
}
