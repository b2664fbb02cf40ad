public import ExecModel
public import RaceLab

/// One dispatcher over the held command: what it told, and what its user has.
public struct HeldSide: Hashable, Sendable {
  /// Which dispatcher.
  public let kind: DispatcherKind
  /// What it told, in order; the oldest are dropped.
  public var told: [HeldTold] = []
  /// Bytes that its user has read.
  public var read = StreamCounts()
  /// The last lines that its user has read of stdout.
  public var stdout: [String] = []
  /// The last lines that its user has read of stderr.
  public var stderr: [String] = []
  /// The last lines that came after its user had stopped reading.
  public var lostLines: [String] = []
  /// What its user believes to be the end; nil while it reads.
  public var end: Consumer.End?
  /// When it was told the end, in nanoseconds since the start.
  public var endTime: UInt64?
  /// Bytes that were written and that its user, who has stopped reading, will never see.
  public var lost = StreamCounts()
  /// Whether it was told of the exit.
  public var heardExit = false
  /// The streams whose end it was not told of.
  public var open = StreamSet.both
  /// Whether the exit and both ends were passed on, so that nothing more can come.
  public var isComplete = false

  /// A side that was told nothing.
  public init(_ kind: DispatcherKind) { self.kind = kind }

  /// Whether its user lost something.
  public var isLosing: Bool { lost.total > 0 }

  /// The last lines of a stream that its user has.
  public func lines(_ stream: ExecStream) -> [String] {
    switch stream {
    case .stdout: stdout
    case .stderr: stderr
    }
  }

  /// What to show as lost: the lines, or, while the kernel holds them still, that it does.
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

  /// What the verdict looks like.
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
