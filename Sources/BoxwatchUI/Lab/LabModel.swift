import ExecModel
public import RaceLab

/// What the lab shows.
public enum LabPage: Hashable, Sendable {
  /// Schedules, taken step by step.
  case stepping
  /// A real command, whose reports are held by hand.
  case holding
}

/// What the lab asks of the screen around it, after a key.
enum LabAnswer: Hashable, Sendable {
  /// Nothing.
  case nothing
  /// Show a sentence.
  case say(String, isError: Bool = false)
  /// Put a text into the terminal's clipboard.
  case copy(String)
  /// Leave the lab.
  case leave
  /// Do this.
  case effect(Effect)
}

/// A line of the lab's scenario menu.
enum ScenarioField: CaseIterable, Hashable, Sendable {
  case stdout, stderr, waiters, lateWaiter, grandchild, deadline, forceClose

  /// How the menu calls it.
  var label: String {
    switch self {
    case .stdout: "chunks of stdout"
    case .stderr: "chunks of stderr"
    case .waiters: "waiters"
    case .lateWaiter: "a late waiter"
    case .grandchild: "a grandchild holds stdout"
    case .deadline: "a deadline after the exit"
    case .forceClose: "someone closes by force"
    }
  }
}

/// The race lab as it is shown: a schedule being stepped through with two dispatchers side by side.
public struct LabModel: Hashable, Sendable {
  /// What it shows.
  public internal(set) var page = LabPage.stepping
  /// The steps so far and what each dispatcher made of them.
  public internal(set) var session: LabSession
  /// The real command that is held.
  public internal(set) var hold = HoldModel()
  /// Index of the chosen source among the scenario's.
  public internal(set) var selection = 0
  /// What stands in front.
  public internal(set) var dialog: LabDialog?
  /// The guided tour, while it goes on.
  public internal(set) var tour: LabTour?
  /// Whether there is no monitor behind it, so that leaving it ends the program.
  public let isAlone: Bool
  /// Steps that were taken back, the next one last.
  var undone: [Source] = []
  /// Chance, for random steps.
  var generator: SplitMix64

  /// A lab at a session's present step.
  ///
  /// - Parameters:
  ///   - seed: decides the random steps.
  ///   - isAlone: whether leaving it ends the program.
  public init(_ session: LabSession = LabSession(), seed: UInt64 = 0, isAlone: Bool = false) {
    self.session = session
    self.isAlone = isAlone
    generator = SplitMix64(seed: seed)
  }

  /// The sources there are, in the lab's order.
  var sources: [Source] { session.scenario.sources }

  /// The source that Enter lets take its step.
  public var chosen: Source { sources.indices.contains(selection) ? sources[selection] : .exit }

  /// Which bindings count.
  var scope: Scope {
    if let dialog { return dialog.scope }
    switch page {
    case .stepping: return tour == nil ? .lab : .labTour
    case .holding: return .labHold
    }
  }
}

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
  var badge: StateBadge {
    if verdict.isLosing { return StateBadge(glyph: "✖", ascii: "x", word: "lost", role: .execLost) }
    if verdict.end != nil { return StateBadge(glyph: "✔", ascii: "+", word: "done", role: .execOK) }
    let role: Role = isExitSeen ? .execDraining : .execRunning
    return StateBadge(glyph: "◐", ascii: "%", word: "waiting", role: role)
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

  /// The announcements, a row each, with a line before the first output that came after the client stopped reading.
  func queue(_ marks: LabMarks, width: Int) -> [(String, Role)] {
    var rows: [(String, Role)] = []
    var hasStopped = false
    for entry in run.record.entries {
      if !entry.isRead, !entry.announcement.isTerminal, !hasStopped {
        hasStopped = true
        rows.append((marks.readByNobody, .dim))
      }
      let (text, role) = row(entry, marks, width)
      rows.append((LabText.head(text, width: width, isUTF8: marks.isUTF8), role))
    }
    return rows
  }

  private func row(_ entry: AnnouncementRecord.Entry, _ marks: LabMarks, _ width: Int) -> (String, Role) {
    let words = entry.announcement.words
    switch entry.announcement {
    case .output(let stream, let chunk): return row(stream, chunk, isRead: entry.isRead, words, marks, width)
    case .exit: return ("\(marks.exitAnnounced) \(words)", entry.isRead ? .titleFocus : .dim)
    case .wait: return ("\(marks.waitAnswered) \(words)", entry.isRead ? .titleFocus : .info)
    }
  }

  private func row(
    _ stream: ExecStream, _ chunk: Int, isRead: Bool, _ words: String, _ marks: LabMarks, _ width: Int
  ) -> (String, Role) {
    let mark = marks.chunk(stream, isRead: isRead)
    let isLost = !isRead && chunk >= verdict.read[stream] && verdict.lost[stream] > 0
    let short = "\(mark) \(stream == .stdout ? "out" : "err") chunk \(chunk &+ 1)"
    let choices = isLost ? ["\(mark) \(words), lost", "\(mark) \(words)", short] : ["\(mark) \(words)", short]
    return (choices.first { $0.count <= width } ?? short, isLost ? .execLost : isRead ? .of(stream) : .dim)
  }
}
