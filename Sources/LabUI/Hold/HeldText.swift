import ExecModel
public import RaceLab
import Widgets

// MARK: - Dispatchers

extension HeldSide {
  /// The lost lines to show, or a note while the kernel still holds them.
  var lostRows: [String] {
    guard isLosing else { return [] }
    return lostLines.isEmpty ? ["still in the kernel's pipe"] : lostLines
  }

  /// One sentence: `done, exit 0, 13 bytes lost`.
  public var verdict: String {
    guard let end else { return openVerdict }
    return ["done", end.status?.words ?? "status unknown", outcome].joined(separator: ", ")
  }

  private var outcome: String {
    let bytes = lost.total
    if bytes > 0 { return "\(NumberText.grouped(bytes)) byte\(bytes == 1 ? "" : "s") lost" }
    return isComplete ? "whole" : "nothing lost yet"
  }

  private var openVerdict: String {
    if heardExit { return "held back" + (open.isEmpty ? "" : ": \(open.names) open") }
    let bytes = read.total
    return bytes == 0 ? "reading, nothing so far" : "reading, \(NumberText.grouped(bytes)) bytes so far"
  }

  /// The role of the verdict.
  var role: Role {
    guard let end else { return heardExit ? .execDraining : .execRunning }
    if isLosing { return .execLost }
    guard isComplete else { return .warning }
    return end.status?.isSuccess == true ? .execOK : .execFailed
  }

  /// A mark before the verdict.
  func glyph(isUTF8: Bool) -> String {
    guard end != nil else { return isUTF8 ? "◐" : "%" }
    if isLosing { return isUTF8 ? "✖" : "x" }
    return isComplete ? (isUTF8 ? "✔" : "+") : "!"
  }
}

// MARK: - Events

extension HeldMoment {
  /// A short description: `exited: exit 0`.
  public var words: String {
    switch kind {
    case .started(let identifier): "started" + (identifier.map { ", process \($0)" } ?? "")
    case .held(let gate): "you hold \(gate.name)"
    case .released(let gate): "you release \(gate.name)"
    case .blocked(let stream): "blocked in write to \(stream.name)"
    case .read(let stream, let bytes): "\(stream.name) pump brings \(NumberText.grouped(bytes)) bytes"
    case .ended(let stream): "\(stream.name) ends"
    case .exited(let status): "process ended: \(status.words)"
    case .lost: "connection lost"
    }
  }

  /// The role that styles it.
  var role: Role {
    switch kind {
    case .started: .execRunning
    case .held, .released: .info
    case .blocked: .warning
    case .read(let stream, _), .ended(let stream): .of(stream)
    case .exited: .execDraining
    case .lost: .execLost
    }
  }
}

// MARK: - Announcements

extension HeldTold {
  /// One line: `stdout, 13 bytes`, `Exit: exit 0`.
  public var words: String {
    switch self {
    case .output(let stream, let bytes): "\(stream.name), \(NumberText.grouped(bytes)) byte\(bytes == 1 ? "" : "s")"
    case .terminal(let announcement): announcement.words
    }
  }
}

// MARK: - The process

extension HeldActivity {
  /// A short description: `blocked in write to stdout`.
  public var words: String {
    switch self {
    case .running: "running"
    case .waiting: "sleeping"
    case .blockedInWrite(let stream, _): "blocked in write to \(stream.name)"
    case .stopped: "stopped"
    case .ended: "exited (zombie)"
    case .gone: "exited (reaped)"
    }
  }

  /// A mark before the description.
  func glyph(isUTF8: Bool) -> String {
    switch self {
    case .running: isUTF8 ? "▶" : ">"
    case .waiting: isUTF8 ? "◦" : "."
    case .blockedInWrite: isUTF8 ? "■" : "#"
    case .stopped: isUTF8 ? "◫" : "="
    case .ended, .gone: isUTF8 ? "✔" : "+"
    }
  }

  /// The role that styles it.
  var role: Role {
    switch self {
    case .running, .waiting: .execRunning
    case .blockedInWrite, .stopped: .warning
    case .ended: .execDraining
    case .gone: .dim
    }
  }
}
