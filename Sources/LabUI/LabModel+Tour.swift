import RaceLab

/// The guided tour: a schedule that exit-first loses and drain-ordered keeps, with a text for each
/// step.
///
/// Its position is derived from the steps taken, so that undoing a step goes back in the tour too.
public struct LabTour: Hashable, Sendable {
  /// One of its five stops.
  struct Card: Hashable, Sendable {
    /// `1 of 5`; nil off the tour's path.
    var number: Int?
    /// The text about the current state.
    var text: String
    /// What Enter does.
    var next: String
  }

  /// The number of stops.
  static let length = 5
  /// The source of each step.
  static let path: [Source] = [.stderr, .exit, .stdout, .stdout, .stderr]
  /// The dispatchers that it needs.
  static let kinds: [DispatcherKind] = [.exitFirst, .drainOrdered]

  /// The session before the tour; restored when the tour is left.
  let before: LabSession

  /// The number of the tour's steps that a session has taken; nil when the session has left its
  /// path.
  static func progress(_ session: LabSession) -> Int? {
    guard session.scenario == .smallest, session.kinds == kinds, path.starts(with: session.taken) else { return nil }
    return session.taken.count
  }

  /// The stop of a session.
  static func card(_ session: LabSession) -> Card {
    progress(session).map { cards[min($0, cards.count - 1)] } ?? astray
  }

  /// All possible texts.
  static let all = cards + [astray]

  private static let astray = Card(
    number: nil, text: "You have left the tour's path. Look around as long as you like: nothing can break here.",
    next: "go back to the tour")

  private static let cards = [
    Card(
      number: 1,
      text:
        "A command wrote a line to each stream, and exits. Three sources report it, each in its own time: a pump"
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
      text: "The line has come. On the left it is not read; on the right it is. The two ends of stream"
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
  /// Starts the tour; the previous session is restored when it is left before its end.
  mutating func beginTour() {
    tour = LabTour(before: tour?.before ?? session)
    session = LabSession(kinds: LabTour.kinds)
    undone = []
    chooseForTour()
  }

  /// Takes the tour's next step, returns to its path, or ends the tour after the last step.
  mutating func continueTour() {
    guard let progress = LabTour.progress(session) else {
      returnToTour()
      return
    }
    guard LabTour.path.indices.contains(progress) else {
      tour = nil
      return say("that was the tour: s changes the scenario, n finds the next loss, ? explains")
    }
    choose(LabTour.path[progress])
    return stepChosen()
  }

  /// Leaves the tour and restores the previous session.
  mutating func leaveTour() {
    guard let before = tour?.before else { return }
    tour = nil
    session = before
    undone = []
    choose(selection)
    return say("the tour is over; t begins it again")
  }

  /// Selects the source of the tour's next step, so that the effect of Enter is visible.
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
