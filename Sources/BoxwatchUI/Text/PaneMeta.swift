import ExecModel

/// The row that boxwatch itself puts after a stream's text: how it ended, or why nothing more comes for now.
struct PaneMeta: Hashable, Sendable {
  /// The words, without the dashes around them.
  var words: [String]
  /// How it looks.
  var role: Role

  /// The last row of a stream's pane; nil while output simply goes on.
  init?(_ row: ExecutionRow, _ stream: ExecStream) {
    if let stall = row.stall, row.stalls[stream] != nil {
      self.init(words: [stall], role: .warning)
      return
    }
    switch row.state {
    case .starting, .running: return nil
    case .draining(let status): self.init(words: ["\(status.words), not done", Self.draining(row, stream)], role: .execDraining)
    case .emptying(let status):
      self.init(words: ["\(status.words), not done", "giving up the held streams"], role: .execDraining)
    case .done(let conclusion): self.init(row, stream, conclusion)
    }
  }

  private init(words: [String], role: Role) {
    self.words = words
    self.role = role
  }

  private init(_ row: ExecutionRow, _ stream: ExecStream, _ conclusion: Conclusion) {
    let status = conclusion.outcome.status
    if case .startFailed(let failure) = status {
      self.init(words: ["could not start: \(failure.words)"], role: .error)
      return
    }
    let isCut = conclusion.outcome.truncated.contains(stream)
    let whole = isCut ? "truncated: \(stream.name) was given up before its end" : "complete"
    self.init(
      words: [status.words, NumberText.lines(row.lines(stream)), whole], role: isCut ? .truncated : .streamMeta)
  }

  private static func draining(_ row: ExecutionRow, _ stream: ExecStream) -> String {
    guard row.open.contains(stream) else { return "\(stream.name) complete" }
    let holders = row.holders.filter { $0.streams.contains(stream) }
    guard let holder = holders.first else { return "draining: \(stream.name) is still open" }
    let others = holders.count > 1 ? " and \(holders.count - 1) more" : ""
    return "draining: held by \(holder.processIdentifier) (\(holder.command))\(others)"
  }
}
