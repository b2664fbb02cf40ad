import RaceLab
import Widgets

extension LabModel {
  /// Selects a source by its index in the list, stopping at the ends.
  mutating func choose(_ index: Int) { selection = min(max(0, index), max(0, sources.count - 1)) }

  mutating func choose(_ source: Source) {
    if let index = sources.firstIndex(of: source) { selection = index }
  }

  /// Takes the selected source's next step, or says why that is not possible.
  mutating func stepChosen() {
    let source = chosen
    guard !session.take(source) else {
      // A step along the undone steps keeps the rest of them.
      if undone.last == source { undone.removeLast() } else { undone = [] }
      return
    }
    if session.isComplete { return say("everything has happened: u steps back, r starts again") }
    let obstacle = session.scenario.obstacle(source, at: session.position)
    return say(obstacle.map { "\(source.name): \($0)" } ?? "\(source.name) has nothing left: choose another source")
  }

  /// Undoes the last step.
  mutating func stepBack() {
    guard let last = session.taken.last, session.back() else { return say("nothing has happened yet") }
    undone.append(last)
  }

  /// Redoes the last undone step.
  mutating func stepForward() {
    guard let next = undone.last, session.take(next) else { return say("no step was taken back") }
    undone.removeLast()
  }

  /// Goes back to before the first step; the steps can be redone one by one.
  mutating func restart() {
    undone += session.taken.reversed()
    session.restart()
  }

  mutating func stepRandomly() {
    guard let source = session.takeRandom(&generator) else {
      return say("everything has happened: u steps back, r starts again")
    }
    undone = []
    choose(source)
  }

  mutating func runToEnd() {
    session.runToEnd(&generator)
    undone = []
  }

  /// Jumps to the next schedule in which the left dispatcher loses output.
  mutating func findLoss() {
    let name = session.kinds.first?.name ?? ""
    switch session.nextLosing() {
    case .found:
      undone = []
      return say("\(name) loses \(session.schedule.text); r and Right replay it")
    case .none: return say("\(name) loses in no schedule of this scenario")
    case .gaveUp(let count):
      return say("\(name) loses in none of the next \(NumberText.grouped(UInt64(count))) schedules")
    }
  }

  /// Selects the next or the previous dispatcher for a half.
  mutating func changeDispatcher(half: Int, by amount: Int) {
    var kinds = session.kinds
    let all = DispatcherKind.allCases
    guard kinds.indices.contains(half), let place = all.firstIndex(of: kinds[half]) else { return }
    kinds[half] = all[(place + amount + all.count) % all.count]
    let source = chosen
    session.show(kinds)
    choose(source)
  }

  /// Restarts with a scenario.
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
