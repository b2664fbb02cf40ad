internal import Cells
public import ExecModel
import Widgets

/// The text printed after the monitor quits: one line per execution, and the last lines of a failed
/// one.
public enum Summary {
  /// The maximum number of lines shown of each stream of a failed execution.
  public static let lineLimit = 10
  /// The maximum width of these lines in columns.
  public static let columnLimit = 200

  /// The maximum number of clients' executions with a line each; others are counted.
  public static let clientLimit = 10

  /// The summary's text, ending with a newline; empty when nothing was run.
  ///
  /// Output is untrusted here too: control bytes are made visible, and no styling is passed on.
  public static func text(_ model: Model, text: TextLookup) -> String {
    let rows = model.rows.filter { !$0.isWaiting }
    return self.text(rows, dropped: model.dropped, text: text) + rest(model)
  }

  /// The counts of executions without a row: own executions that ended long ago, and commands that
  /// were never started.
  private static func rest(_ model: Model) -> String {
    let over = model.droppedOwn.isEmpty ? "" : "\(counted(model.droppedOwn, "more execution"))\n"
    let count = model.waitingCount
    return over + (count == 0 ? "" : "\(count) command\(count == 1 ? " was" : "s were") not started\n")
  }

  private static func counted(_ counts: [String: Int], _ noun: String) -> String {
    let total = counts.values.reduce(0, +)
    let words = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
    return "\(total) \(noun)\(total == 1 ? "" : "s"): \(words.joined(separator: ", "))"
  }

  /// The lines of executions that have a row.
  ///
  /// - Parameters:
  ///   - rows: the executions, in the order of the list.
  ///   - dropped: the number of clients' executions whose rows were dropped, by the word of their
  ///     state.
  ///   - text: finds the recorded output of a stream.
  public static func text(_ rows: [ExecutionRow], dropped: [String: Int] = [:], text: TextLookup) -> String {
    let clients = rows.filter { $0.origin == .client }
    let total = clients.count + dropped.values.reduce(0, +)
    guard total > clientLimit else { return rows.map { line($0) + tails($0, text) }.joined() }
    let others = rows.filter { $0.origin != .client }.map { line($0) + tails($0, text) }.joined()
    let counts = clients.reduce(into: dropped) { $0[$1.badge.word, default: 0] += 1 }
    return others + "clients ran \(counted(counts, "execution"))\n"
  }

  private static func line(_ row: ExecutionRow) -> String {
    let badge = row.badge
    var parts = [row.isLeft ? "still running" : badge.word]
    if !row.statusWords.isEmpty { parts.append(row.statusWords) }
    parts.append(row.streams.map { "\($0.name) \(NumberText.lines(row.lines($0)))" }.joined(separator: ", "))
    parts.append(NumberText.bytes(row.totalBytes))
    if let end = row.marks.exit ?? (row.state == .interrupted ? row.lastHeard : nil) {
      parts.append(NumberText.clock(nanoseconds: end))
    }
    if !row.note.isEmpty { parts.append(SafeText.line(row.note)) }
    return
      "[\(row.number)] \(visible(row.title)) (\(visible(place(row)))): \(parts.joined(separator: ", "))\n"
  }

  /// The box, the user and the client.
  private static func place(_ row: ExecutionRow) -> String {
    row.boxTitle + (row.spec.user.map { " as " + $0 } ?? "") + row.origin.clause
  }

  private static func tails(_ row: ExecutionRow, _ text: TextLookup) -> String {
    guard let conclusion = row.conclusion, !conclusion.outcome.status.isSuccess else { return "" }
    return row.streams.map { tail(row, $0, text) }.joined()
  }

  private static func tail(_ row: ExecutionRow, _ stream: ExecStream, _ text: TextLookup) -> String {
    let limit = row.lengths[stream]
    guard limit > 0, let source = text(row.id, stream) else { return "" }
    let pieces = source.pieces(before: limit, count: lineLimit, limit: limit)
    guard !pieces.isEmpty else { return "" }
    let isWhole = pieces.first?.range.lowerBound == 0
    let heading = "  \(stream.name)\(isWhole ? "" : ", the last lines"):\n"
    return heading + pieces.map { "  | " + line($0) + "\n" }.joined()
  }

  private static func line(_ piece: TextPiece) -> String {
    let cells = StyledLine.decode(piece.bytes, columnLimit: columnLimit + 1).cells
    let isCut = cells.count > columnLimit
    return (piece.startsLine ? "" : "...") + cells.prefix(columnLimit).map(\.text).joined() + (isCut ? "..." : "")
  }

  /// A name in one line, with every control scalar visible.
  private static func visible(_ name: String) -> String { SafeText.elided(name, to: columnLimit) }
}
