import ExecModel

extension Verdict {
  /// One sentence for a person: `done, exit 0, 13 bytes lost`.
  public var sentence: String {
    guard let end else { return isComplete ? "never told the end" : "reading" + readWords }
    var words = ["done", end.status?.words ?? "status unknown"]
    if bytesLost.total > 0 { words.append("\(bytesLost.total) byte\(bytesLost.total == 1 ? "" : "s") lost") }
    if !named.isEmpty { words.append("\(named.names) cut short") }
    if violations.contains(.honestEnd) { words.append("told too early") }
    if earlyWaits > 0 { words.append("a wait before the exit") }
    if isComplete, !unanswered.isEmpty { words.append("\(unanswered.count) left waiting") }
    if !answeredTwice.isEmpty { words.append("\(answeredTwice.count) answered twice") }
    if words.count == 2, violations.isEmpty { words.append("whole") }
    return words.joined(separator: ", ")
  }

  private var readWords: String { bytesRead.total == 0 ? "" : ", \(bytesRead.total) bytes so far" }
}
