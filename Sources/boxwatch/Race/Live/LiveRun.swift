import Boxes
import BoxwatchUI
import ExecEngine
import ExecModel
import Glibc
import RaceLab

/// A live race from its first line to its exit status.
struct LiveRun {
  private let plan: LivePlan
  private let isJSON: Bool
  private let signals: SignalQueue
  private let race: LiveRace
  private let output = TextOutput()
  private var bar = ProgressBar()
  private var isAnnounced = false

  init(_ plan: LivePlan, isJSON: Bool) throws {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    ProcessLimits.raise()
    self.plan = plan
    self.isJSON = isJSON
    signals = try SignalQueue()
    race = try LiveRace(plan, LiveScratch(in: try Directories.state()))
  }

  /// Runs it and returns the exit status.
  mutating func run() throws -> Int32 {
    let began = TimerThread.shared.now()
    defer { bar.clear() }
    let stop = try race.run(signals) { try progress() }
    bar.clear()
    if race.finished > 0 { try write(LiveReport(race.tallies, nanoseconds: TimerThread.shared.now() - began)) }
    switch stop {
    case .signal(let signal): return stopped(by: signal)
    case .start(let error):
      Diagnostics.print(error.description)
      return error.failure.shellCode
    case nil: return verdict()
    }
  }

  /// Called when something has been started, and often after that.
  private mutating func progress() throws {
    if !isAnnounced {
      isAnnounced = true
      if !isJSON { try output.write(plan.lines + [""]) }
    }
    let (finished, total) = (race.finished, plan.total)
    bar.show(finished, of: total, "\(NumberWords.grouped(finished)) of \(NumberWords.grouped(total)) execs")
  }

  private func write(_ report: LiveReport) throws {
    guard isJSON else { return try output.write(report.lines(isASCII: !LocaleCharacters.areUnicode)) }
    for line in report.jsonLines { try output.write(line) }
  }

  private func stopped(by signal: Signal) -> Int32 {
    let (finished, total) = (NumberWords.grouped(race.finished), NumberWords.grouped(plan.total))
    Diagnostics.print("stopped by \(signal.name): \(finished) of \(total) execs were run")
    return 128 + signal.number
  }

  private func verdict() -> Int32 {
    let liars = race.tallies.filter { !$0.brokenPromises.isEmpty }
    for tally in liars {
      Diagnostics.print("\(tally.kind.name) broke what it promises: \(tally.brokenPromises.names)")
    }
    return liars.isEmpty ? 0 : 1
  }
}

extension LivePlan {
  /// What is about to be run.
  var lines: [String] {
    let whose = kinds.count == 1 ? kinds[0].name : "each of \(kinds.count) dispatchers in turn"
    var conditions = ["\(jobs) at a time", "pump delay \(delay.text)"]
    if case .random = delay { conditions.append("seed \(seed)") }
    if isLoaded { conditions.append("every core loaded") }
    if kinds.contains(.fixedTimer) { conditions.append("fixed-timer waits \(timer.boxwatchText)") }
    if kinds.contains(.drainOrdered), drain != .untilEndOfStream {
      conditions.append("drain-ordered drains by \(drain.text)")
    }
    return [
      "\(NumberWords.count(count, "exec")) of \(whose): \(CommandWords.joined(command))",
      conditions.joined(separator: ", "),
    ]
  }
}
