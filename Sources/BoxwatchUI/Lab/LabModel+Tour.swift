import RaceLab

/// The guided tour: a schedule that exit-first loses and drain-ordered keeps, with words for each of its steps.
///
/// Where it stands is what has been stepped so far, so that stepping back goes back in the tour too.
public struct LabTour: Hashable, Sendable {
  /// One of its five stops.
  struct Card: Hashable, Sendable {
    /// `1 of 5`; nil off the tour's way.
    var number: Int?
    /// What is seen now.
    var text: String
    /// What Enter does.
    var next: String
  }

  /// How many stops there are.
  static let length = 5
  /// Who takes each step.
  static let path: [Source] = [.stderr, .exit, .stdout, .stdout, .stderr]
  /// The halves that it needs.
  static let kinds: [DispatcherKind] = [.exitFirst, .drainOrdered]

  /// What was shown before it began; comes back when it is left.
  let before: LabSession

  /// How many of its steps a session has taken; nil when the session has left its way.
  static func progress(_ session: LabSession) -> Int? {
    guard session.scenario == .smallest, session.kinds == kinds, path.starts(with: session.taken) else { return nil }
    return session.taken.count
  }

  /// The stop at which a session stands.
  static func card(_ session: LabSession) -> Card {
    progress(session).map { cards[min($0, cards.count - 1)] } ?? astray
  }

  /// All that may be shown.
  static let all = cards + [astray]

  private static let astray = Card(
    number: nil, text: "This is not the tour's way. Look around as long as you like: nothing can break here.",
    next: "go back to the tour")

  private static let cards = [
    Card(
      number: 1,
      text:
        "A command wrote a line to each stream, and exits. Three sources tell of it, each when it gets to it: a pump"
        + " reads stdout, a pump reads stderr, a reaper sees the exit. Nothing orders them.",
      next: "the stderr pump brings its line"),
    Card(
      number: 2,
      text: "Both halves told their client the line: so far they are alike. Now the reaper is faster than the stdout"
        + " pump, as happens all the time.",
      next: "the exit is seen"),
    Card(
      number: 3,
      text: "Left: exit-first told the end at once. Its client stops reading, and the line in stdout's pipe is lost."
        + " Right: boxwatch keeps the exit back until both streams have ended.",
      next: "the stdout pump brings its line"),
    Card(
      number: 4,
      text: "The line has come. On the left nobody reads it any more; on the right it is read. The two ends of stream"
        + " will say that no more can come.",
      next: "the end of stdout"),
    Card(
      number: 4,
      text: "One stream has ended, one may still bring something, so the right half waits on. Only the left half's"
        + " client believes that it is over.",
      next: "the end of stderr"),
    Card(
      number: 5,
      text: "The same command, bytes and moments. Left: done, exit 0, and the line is lost. Right: done, exit 0, whole."
        + " u steps back, n finds more losses, ] and [ change the halves.",
      next: "end the tour"),
  ]
}

extension LabModel {
  /// Begins the tour; what was shown comes back when it is left before its end.
  mutating func beginTour() {
    tour = LabTour(before: tour?.before ?? session)
    session = LabSession(kinds: LabTour.kinds)
    undone = []
    chooseForTour()
  }

  /// Takes the tour's next step, comes back to its way, or ends it after the last.
  mutating func continueTour() -> LabAnswer {
    guard let progress = LabTour.progress(session) else {
      returnToTour()
      return .nothing
    }
    guard LabTour.path.indices.contains(progress) else {
      tour = nil
      return .say("that was the tour: s changes the scenario, n finds the next loss, ? explains")
    }
    choose(LabTour.path[progress])
    return stepChosen()
  }

  /// Leaves the tour where it is, and shows again what was shown before.
  mutating func leaveTour() -> LabAnswer {
    guard let before = tour?.before else { return .nothing }
    tour = nil
    session = before
    undone = []
    choose(selection)
    return .say("the tour is over; t begins it again")
  }

  /// Chooses the source that the tour wants next, so that one sees what Enter will do.
  mutating func chooseForTour() {
    guard let progress = LabTour.progress(session), LabTour.path.indices.contains(progress) else { return }
    choose(LabTour.path[progress])
  }

  private mutating func returnToTour() {
    let common = zip(LabTour.path, session.taken).prefix { $0 == $1 }.count
    let isTours = session.scenario == .smallest
    session = LabSession(kinds: LabTour.kinds)
    for source in LabTour.path.prefix(isTours ? common : 0) { _ = session.take(source) }
    undone = []
  }
}
