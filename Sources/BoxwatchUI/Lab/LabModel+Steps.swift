import RaceLab

extension LabModel {
  /// Chooses a source by its place in the list; the list's ends stop.
  mutating func choose(_ index: Int) { selection = min(max(0, index), max(0, sources.count - 1)) }

  mutating func choose(_ source: Source) {
    if let index = sources.firstIndex(of: source) { selection = index }
  }

  /// Lets the chosen source take its next step, or says why it cannot.
  mutating func stepChosen() -> LabAnswer {
    let source = chosen
    guard !session.take(source) else {
      // Going on along the steps that were taken back keeps the rest of them.
      if undone.last == source { undone.removeLast() } else { undone = [] }
      return .nothing
    }
    if session.isComplete { return .say("everything has happened: u steps back, r starts again") }
    let obstacle = session.scenario.obstacle(source, at: session.position)
    return .say(obstacle.map { "\(source.name): \($0)" } ?? "\(source.name) has nothing left: choose another source")
  }

  /// Takes the last step back.
  mutating func stepBack() -> LabAnswer {
    guard let last = session.taken.last, session.back() else { return .say("nothing has happened yet") }
    undone.append(last)
    return .nothing
  }

  /// Takes again the step that was taken back.
  mutating func stepForward() -> LabAnswer {
    guard let next = undone.last, session.take(next) else { return .say("no step was taken back") }
    undone.removeLast()
    return .nothing
  }

  /// Goes back to before the first step; the steps can be taken again one by one.
  mutating func restart() {
    undone += session.taken.reversed()
    session.restart()
  }

  mutating func stepRandomly() -> LabAnswer {
    guard let source = session.takeRandom(&generator) else {
      return .say("everything has happened: u steps back, r starts again")
    }
    undone = []
    choose(source)
    return .nothing
  }

  mutating func runToEnd() {
    session.runToEnd(&generator)
    undone = []
  }

  /// Jumps to the next schedule that the dispatcher at the left loses.
  mutating func findLoss() -> LabAnswer {
    let name = session.kinds.first?.name ?? ""
    switch session.nextLosing() {
    case .found:
      undone = []
      return .say("\(name) loses \(session.schedule.text); r and Right replay it")
    case .none: return .say("\(name) loses in no schedule of this scenario")
    case .gaveUp(let count):
      return .say("\(name) loses in none of the next \(NumberText.grouped(UInt64(count))) schedules")
    }
  }

  /// Shows the next dispatcher, or the one before, in a half.
  mutating func changeDispatcher(half: Int, by amount: Int) {
    var kinds = session.kinds
    let all = DispatcherKind.allCases
    guard kinds.indices.contains(half), let place = all.firstIndex(of: kinds[half]) else { return }
    kinds[half] = all[(place + amount + all.count) % all.count]
    let source = chosen
    session.show(kinds)
    choose(source)
  }

  /// Starts anew with what there is to happen.
  mutating func begin(_ scenario: Scenario) {
    let source = chosen
    session = LabSession(scenario, kinds: session.kinds)
    undone = []
    selection = 0
    choose(source)
  }

  /// Shows a schedule.
  mutating func show(_ schedule: Schedule) {
    session = LabSession(schedule, kinds: session.kinds)
    undone = []
    choose(selection)
  }
}
