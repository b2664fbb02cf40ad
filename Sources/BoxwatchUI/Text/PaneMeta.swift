import ExecModel

/// The row that boxwatch itself puts after a stream's text: how it ended, or why nothing more comes for now.
struct PaneMeta: Hashable, Sendable {
  /// The words, without the dashes around them.
  var words: [String]
  /// How it looks.
  var role: Role
  /// Why, in a sentence that has rows of its own below; nil when the words say all.
  var reason: String?

  /// The last row of a stream's pane; nil while output simply goes on.
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

  /// The reason in lines of at most so many columns.
  func reasonLines(width: Int) -> [String] { reason.map { WordWrap.lines($0, width: width) } ?? [] }

  /// How many rows it takes in a pane.
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

  /// What is missing of a stream, or may be, and why; nil when it is whole.
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
  /// The words where a pane or a column is narrow.
  var shortWords: String {
    switch self {
    case .joinedLate: "attached late"
    case .lost: "output lost in a cut"
    case .uncertain: "cut: lost or doubled"
    case .unprovenEnd: "cut before the end"
    case .unreachable: "output not reachable"
    }
  }

  /// How much it weighs against another reason of the same stream: what is gone before what may be.
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
