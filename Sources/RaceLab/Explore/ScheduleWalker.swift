/// Walks the complete schedules of a scenario in order, depth first, with one dispatcher in each.
///
/// Schedules with a common prefix share its run: a step copies a small value, and nothing is run twice. The stack is
/// explicit, so that the walk can stop and continue between any two schedules.
struct ScheduleWalker<Subject: Dispatcher, Recorder: AnnouncementRecorder>: Sendable {
  /// A position on the path of the current schedule.
  private struct Frame: Sendable {
    var run: Run<Subject, Recorder>
    /// The number of the next source to try from here.
    var next: UInt8 = 0
    /// The number of steps after which a promise was certainly broken; nil when none is.
    var decided: Int?
  }

  private let scenario: Scenario
  private let length: Int
  private var frames: [Frame] = []
  /// The sources that lead to the current position.
  private(set) var path: [Source] = []

  /// Starts before the first schedule.
  init(_ scenario: Scenario, _ dispatcher: Subject) {
    self.scenario = scenario
    length = scenario.stepCount
    frames.reserveCapacity(length + 1)
    path.reserveCapacity(length)
    frames.append(Frame(run: Run(dispatcher)))
  }

  /// Starts before the first schedule that follows `path`, or that continues it when it is only a prefix.
  init(_ scenario: Scenario, _ dispatcher: Subject, after path: [Source]) {
    self.init(scenario, dispatcher)
    for source in path where scenario.isEnabled(source, at: run.position) { push(source) }
  }

  /// The run of the current schedule.
  var run: Run<Subject, Recorder> { frames[frames.count - 1].run }

  /// The number of steps after which the current schedule was certain to lose; nil when it was not before its end.
  var decided: Int? { frames[frames.count - 1].decided }

  private mutating func push(_ source: Source) {
    let top = frames.count - 1
    frames[top].next = source.rawValue + 1
    var frame = Frame(run: frames[top].run, decided: frames[top].decided)
    frame.run.take(source, in: scenario)
    if frame.decided == nil, !frame.run.broken.isEmpty { frame.decided = frames.count }
    frames.append(frame)
    path.append(source)
  }

  /// Moves to the next complete schedule; returns false when there is none.
  mutating func next() -> Bool {
    while true {
      if path.count < length, let source = untried() {
        push(source)
        if path.count == length { return true }
      } else {
        guard frames.count > 1 else { return false }
        frames.removeLast()
        path.removeLast()
      }
    }
  }

  private func untried() -> Source? {
    let top = frames.count - 1
    var raw = frames[top].next
    while let source = Source(rawValue: raw) {
      if scenario.isEnabled(source, at: frames[top].run.position) { return source }
      raw += 1
    }
    return nil
  }
}
