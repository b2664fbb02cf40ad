import ExecModel
import Widgets

/// The row that boxwatch adds after a stream's text: how the execution ended, or why there is no
/// output for now.
struct PaneMeta: Hashable, Sendable {
  /// The text, without the dashes around it.
  var words: [String]
  /// The role that styles it.
  var role: Role
  /// The reason, in a sentence shown in rows below; nil when there is nothing to add.
  var reason: String?

  /// The last row of a stream's pane; nil while output continues normally.
  init?(_ row: ExecutionRow, _ stream: ExecStream) {
    if let stall = row.stall, row.stalls[stream] != nil || row.recordStall != nil {
      self.init(words: [stall], role: .warning)
      return
    }
    switch row.state {
    case .starting, .running: return nil
    case .waiting: self.init(words: ["waits for its turn"], role: .dim)
    case .draining(let status):
      self.init(words: [status.words, "draining", Self.draining(row, stream)], role: .execDraining)
    case .emptying(let status):
      self.init(words: [status.words, "emptying", "giving up what is held"], role: .execDraining)
    case .done(let conclusion): self.init(row, stream, conclusion)
    case .interrupted:
      self.init(
        words: ["interrupted", "its boxwatch died", NumberText.lines(row.lines(stream))],
        role: .execLost)
    }
  }

  private init(words: [String], role: Role, reason: String? = nil) {
    self.words = words
    self.role = role
    self.reason = reason
  }

  /// The reason, wrapped to a width in columns.
  func reasonLines(width: Int) -> [String] { reason.map { WordWrap.lines($0, width: width) } ?? [] }

  /// The number of rows it takes in a pane.
  func rowCount(width: Int) -> Int { 1 + reasonLines(width: width).count }

  private init(_ row: ExecutionRow, _ stream: ExecStream, _ conclusion: Conclusion) {
    let status = conclusion.outcome.status
    if case .startFailed(let failure) = status {
      self.init(words: ["could not start: \(failure.words)"], role: .error, reason: row.startError)
      return
    }
    let lines = NumberText.lines(row.lines(stream))
    if let cut = Self.cut(row, stream, conclusion) {
      self.init(words: [status.words, cut, lines], role: .truncated, reason: row.recordLoss?.words)
    } else if let loss = row.recordLoss {
      self.init(words: [status.words, lines, "record lost"], role: .truncated, reason: loss.words)
    } else {
      self.init(words: [status.words, lines, "complete"], role: .streamMeta)
    }
  }

  /// What is missing from a stream, or may be, and why; nil when it is complete.
  private static func cut(_ row: ExecutionRow, _ stream: ExecStream, _ conclusion: Conclusion) -> String? {
    if conclusion.outcome.truncated.contains(stream) {
      return "\(stream.name) truncated" + (conclusion.cuts[stream].map { ": \($0.shortWords)" } ?? "")
    }
    guard conclusion.unproven.contains(stream) else { return nil }
    return "\(stream.name) truncated?" + (row.reason(StreamSet(stream)).map { " \($0.shortWords)" } ?? "")
  }

  private static func draining(_ row: ExecutionRow, _ stream: ExecStream) -> String {
    guard row.open.contains(stream) else { return "\(stream.name) complete" }
    let holders = row.holders.filter { $0.streams.contains(stream) }
    guard let holder = holders.first else { return "\(stream.name) is still open" }
    let others = holders.count > 1 ? " and \(holders.count - 1) more" : ""
    return "held by \(holder.processIdentifier) (\(holder.command))\(others)"
  }
}

extension OutputGap {
  /// A shorter text for a narrow pane or column.
  var shortWords: String {
    switch self {
    case .joinedLate: "attached late"
    case .lost: "output lost in a cut"
    case .uncertain: "cut: lost or doubled"
    case .unprovenEnd: "cut before the end"
    case .unreachable: "output not available"
    }
  }

  /// Its severity compared with another reason of the same stream: lost bytes before possibly lost
  /// ones.
  var weight: Int {
    switch self {
    case .unreachable: 4
    case .lost: 3
    case .uncertain: 2
    case .unprovenEnd: 1
    case .joinedLate: 0
    }
  }
}
