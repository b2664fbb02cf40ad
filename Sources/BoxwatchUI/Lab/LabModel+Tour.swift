import RaceLab

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
