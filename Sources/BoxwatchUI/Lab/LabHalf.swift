import ExecModel
import RaceLab

/// What one half of the lab has to say: its dispatcher's verdict, its client's text, its queue.
struct LabHalf: Hashable, Sendable {
  /// The dispatcher.
  let kind: DispatcherKind
  private let session: LabSession
  private let run: LabSession.LabRun
  private let verdict: Verdict

  /// A session's half by its index, which must be one.
  init(_ session: LabSession, _ index: Int) {
    self.session = session
    kind = session.kinds[index]
    run = session.runs[index]
    verdict = Verdict(run, in: session.scenario)
  }

  /// The verdict's glyph and role.
  var badge: ExecutionRow.Badge {
    if verdict.isLosing { return ExecutionRow.Badge(glyph: "✖", ascii: "x", word: "lost", role: .execLost) }
    if verdict.end != nil { return ExecutionRow.Badge(glyph: "✔", ascii: "+", word: "done", role: .execOK) }
    let role: Role = isExitSeen ? .execDraining : .execRunning
    return ExecutionRow.Badge(glyph: "◐", ascii: "%", word: "waiting", role: role)
  }

  /// The verdict in words.
  var words: String {
    guard verdict.end == nil, !verdict.isComplete, isExitSeen else { return verdict.sentence }
    let read = verdict.bytesRead.total
    return "waiting, " + (read == 0 ? "nothing read yet" : "\(read) bytes read")
  }

  private var isExitSeen: Bool { session.position[.exit] > 0 }

  /// What the client has read of a stream.
  func text(_ stream: ExecStream) -> String { session.text(stream, readBy: run) }

  /// What was written and the client will never read.
  func lostText(_ stream: ExecStream) -> String {
    let first = verdict.read[stream]
    return (first..<first + verdict.lost[stream]).map { session.scenario.text(stream, chunk: $0) }.joined()
  }

  /// What stands before a lost text.
  func lostMark(isUTF8: Bool) -> String { isUTF8 ? "✖" : "!" }

  /// The announcements, a row each, with a line before the first output that came after the client stopped reading.
  func queue(isUTF8: Bool, width: Int) -> [(String, Role)] {
    var rows: [(String, Role)] = []
    var hasStopped = false
    for entry in run.record.entries {
      if !entry.isRead, !entry.announcement.isTerminal, !hasStopped {
        hasStopped = true
        rows.append((isUTF8 ? "─ read by nobody ─" : "- read by nobody -", .dim))
      }
      rows.append(row(entry, isUTF8: isUTF8, width: width))
    }
    return rows
  }

  private func row(_ entry: AnnouncementRecord.Entry, isUTF8: Bool, width: Int) -> (String, Role) {
    switch entry.announcement {
    case .output(let stream, let chunk):
      let isLost = !entry.isRead && chunk >= verdict.read[stream] && verdict.lost[stream] > 0
      let mark =
        isUTF8
        ? (stream == .stdout ? (entry.isRead ? "●" : "○") : (entry.isRead ? "◆" : "◇"))
        : (entry.isRead ? (stream == .stdout ? "o" : "e") : "!")
      let long = "\(mark) \(entry.announcement.words)"
      let text = long.count <= width ? long : "\(mark) \(stream == .stdout ? "out" : "err") chunk \(chunk &+ 1)"
      let role: Role = isLost ? .execLost : entry.isRead ? (stream == .stdout ? .streamStdout : .streamStderr) : .dim
      let tail = isLost ? ", lost" : ""
      return (text.count + tail.count <= width ? text + tail : text, role)
    case .exit: return (mark("▲", "^", isUTF8) + " " + entry.announcement.words, entry.isRead ? .titleFocus : .dim)
    case .wait: return (mark("△", "w", isUTF8) + " " + entry.announcement.words, entry.isRead ? .titleFocus : .info)
    }
  }

  private func mark(_ unicode: String, _ ascii: String, _ isUTF8: Bool) -> String { isUTF8 ? unicode : ascii }
}
