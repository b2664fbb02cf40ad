import ExecModel

/// One line for each gate, and one for the process, in pieces of one role each.
struct HoldGateText {
  /// A line in pieces.
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

  /// The pipe's fill: a full bar only for a full pipe, an empty one only for an empty.
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
      ? ("\(status.words), told to the dispatchers", .text) : ("\(status.words), waits to be told", .warning)
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
