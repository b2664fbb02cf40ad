import ExecModel
public import RaceLab
public import Widgets

/// The pages of the lab.
public enum LabPage: Hashable, Sendable {
  /// Schedules, step by step.
  case stepping
  /// A real command whose reports the user holds back.
  case holding
}

/// The state of the race lab: a schedule stepped through with two dispatchers side by side.
public struct LabModel: Hashable, Sendable {
  /// The current page.
  public internal(set) var page = LabPage.stepping
  /// The steps so far and each dispatcher's results.
  public internal(set) var session: LabSession
  /// The hold page with its real command.
  public internal(set) var hold = HoldModel()
  /// The index of the selected source in the scenario.
  public internal(set) var selection = 0
  /// The open dialog.
  public internal(set) var dialog: LabDialog?
  /// The guided tour, while it is running.
  public internal(set) var tour: LabTour?
  /// The terminal and the theme.
  public var display: Display
  /// The sentence in the status line.
  public var notice: Notice?
  /// The time of the last tick on the monotonic clock, in nanoseconds.
  var now: UInt64
  /// The keys.
  let keymap = LabKeymap.standard
  /// The undone steps; the next to redo is last.
  var undone: [Source] = []
  /// The generator for random steps.
  var generator: SplitMix64

  /// Creates a lab at a session's current step.
  ///
  /// - Parameters:
  ///   - session: the schedule and the two dispatchers to begin with.
  ///   - display: the terminal and the theme.
  ///   - now: the time on the monotonic clock, in nanoseconds.
  ///   - seed: the seed of random steps.
  public init(_ session: LabSession = LabSession(), on display: Display, now: UInt64 = 0, seed: UInt64 = 0) {
    self.session = session
    self.display = display
    self.now = now
    generator = SplitMix64(seed: seed)
  }

  /// The sources in the lab's order.
  var sources: [Source] { session.scenario.sources }

  /// The source whose step Enter takes.
  public var chosen: Source { sources.indices.contains(selection) ? sources[selection] : .exit }

  /// The hints of the keys.
  var hints: [KeyHint] {
    if let dialog { return dialog.content.hints(keymap) }
    switch page {
    case .stepping: return tour == nil ? keymap.step.hints() : keymap.tour.hints()
    case .holding: return keymap.hold.hints()
    }
  }

  /// Shows a notice in the status line.
  mutating func say(_ text: String, isError: Bool = false) { notice = Notice(text, isError: isError, now: now) }
}

/// The contents of one half of the lab: its dispatcher's verdict, its client's text, its queue.
struct LabHalf: Hashable, Sendable {
  /// The dispatcher.
  let kind: DispatcherKind
  private let session: LabSession
  private let run: LabSession.LabRun
  private let verdict: Verdict

  /// Creates a half of a session by its index, which must be valid.
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

  /// The client's text of a stream.
  func text(_ stream: ExecStream) -> String { session.text(stream, readBy: run) }

  /// The text that was written and that the client will never read.
  func lostText(_ stream: ExecStream) -> String {
    let first = verdict.read[stream]
    return (first..<first + verdict.lost[stream]).map { session.scenario.text(stream, chunk: $0) }.joined()
  }

  /// The announcements, one per row, with a line before the first output that arrived after the
  /// client stopped reading.
  func queue(_ marks: LabMarks, width: Int) -> [(String, Role)] {
    var rows: [(String, Role)] = []
    var hasStopped = false
    for entry in run.record.entries {
      if !entry.isRead, !entry.announcement.isTerminal, !hasStopped {
        hasStopped = true
        rows.append((marks.notRead, .dim))
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
