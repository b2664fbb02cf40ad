import Console
import ExecEngine
package import ExecModel
import Glibc
import HostBoxes
import Journal
import Linux
package import RaceLab
import Synchronization
package import SystemPackage

/// The parameters of a live race.
package struct LivePlan: Hashable, Sendable {
  /// The default command, as in the original report.
  package static let reportedCommand = ["sh", "-c", "echo first-output && exit 0"]

  /// The command and its arguments.
  let command: [String]
  /// The dispatchers, in the order in which they take turns.
  let kinds: [DispatcherKind]
  /// The number of executions of each dispatcher.
  let count: Int
  /// The number of executions that run at the same time.
  let jobs: Int
  /// The delay between the pumps and the dispatcher.
  let delay: PumpDelay
  /// The drain policy of `drain-ordered`.
  let drain: DrainPolicy
  /// The timeout of `fixed-timer`.
  let timer: Duration
  /// The time limit of an execution's end after its start; then it is killed, and its end counts as
  /// missing.
  let limit: Duration
  /// The seed of random delays.
  package var seed: UInt64 = 1
  /// Whether every core is kept busy during the race.
  let isLoaded: Bool

  /// Makes a plan; each parameter's default is that of the command line.
  package init(
    command: [String] = reportedCommand, kinds: [DispatcherKind] = DispatcherKind.allCases, count: Int = 200,
    jobs: Int = 1, delay: PumpDelay = .none, drain: DrainPolicy = .untilEndOfStream,
    timer: Duration = .milliseconds(10),
    limit: Duration = .seconds(10), seed: UInt64 = 1, isLoaded: Bool = false
  ) {
    self.command = command
    self.kinds = kinds
    self.count = count
    self.jobs = jobs
    self.delay = delay
    self.drain = drain
    self.timer = timer
    self.limit = limit
    self.seed = seed
    self.isLoaded = isLoaded
  }

  /// The total number of executions.
  var total: Int { count &* kinds.count }

  /// The dispatcher of the execution with this number.
  func kind(at index: Int) -> DispatcherKind { kinds[index % kinds.count] }

  /// The spec of an execution: only two of the dispatchers have a timer.
  func spec(for kind: DispatcherKind) -> ExecutionSpec {
    let drain: DrainPolicy =
      switch kind {
      case .drainOrdered: drain
      case .fixedTimer: .untilIdle(grace: timer, limit: timer)
      case .exitFirst, .exitGated, .lateRegistration, .untilEmpty, .endOfStreamOnly: .untilEndOfStream
      }
    // An execution whose record is lost does not count, and the race ends.
    return ExecutionSpec(command: command, drain: drain, keep: .all, onRecordFailure: .goOn)
  }
}

/// The folder of a live race's journals: beside the real ones, so that they are on the same disk, and removed with the
/// race.
final class LiveScratch {
  private let directory: FilePath
  /// The engine of the race, which keeps its journals there.
  let engine: Engine

  /// Chooses the folder below `stateDirectory`; the first journal creates it.
  init(in stateDirectory: FilePath) {
    directory = stateDirectory.appending("race-\(getpid())-\(String(UInt32.random(in: .min ... .max), radix: 36))")
    engine = Engine(stateDirectory: directory)
  }

  /// Every execution has removed its journal; what is left is the folders and the count of journals.
  deinit {
    unlink(engine.journalCount.path)
    rmdir(engine.executionsDirectory.string)
    rmdir(directory.string)
  }
}

/// Keeps every core busy with a busy-waiting thread at normal priority.
final class CoreBurners: Sendable {
  private final class Flame: Sendable {
    let shouldStop = Atomic<Bool>(false)
  }

  /// The number of threads.
  let count: Int
  private let flame = Flame()

  /// Starts one thread per core of the machine.
  init() {
    count = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    for _ in 0..<count {
      DetachedThread.start(name: "boxwatch-load") { [flame] in
        while !flame.shouldStop.load(ordering: .relaxed) {}
      }
    }
  }

  deinit { flame.shouldStop.store(true, ordering: .relaxed) }
}

/// A live race from its first line to its exit status.
package struct LiveRun {
  private let plan: LivePlan
  private let isJSON: Bool
  private let signals: SignalQueue
  private let race: LiveRace
  private let output = TextOutput()
  private var bar = ProgressBar()
  private var isAnnounced = false

  /// - Parameters:
  ///   - plan: the commands, dispatchers and delays.
  ///   - stateDirectory: where the journals of the race are made, and removed with it.
  ///   - isJSON: whether the result is written as JSON lines.
  package init(_ plan: LivePlan, in stateDirectory: FilePath, isJSON: Bool) throws {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    ProcessLimits.raise()
    self.plan = plan
    self.isJSON = isJSON
    signals = try SignalQueue()
    race = try LiveRace(plan, LiveScratch(in: stateDirectory))
  }

  /// Runs it and returns the exit status.
  package mutating func run() throws -> Int32 {
    let began = MonotonicClock.now
    defer { bar.clear() }
    let stop = try race.run(signals) { try progress() }
    bar.clear()
    if race.finished > 0 { try write(LiveReport(race.tallies, nanoseconds: MonotonicClock.now - began)) }
    switch stop {
    case .signal(let signal): return stopped(by: signal)
    case .start(let error):
      Diagnostics.print(error.description)
      return error.failure.shellCode
    case nil: return verdict()
    }
  }

  /// Called when an execution has been started, and often after that.
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
    let broken = race.tallies.filter { !$0.brokenPromises.isEmpty }
    for tally in broken {
      Diagnostics.print("\(tally.kind.name) broke its promises: \(tally.brokenPromises.names)")
    }
    return broken.isEmpty ? 0 : 1
  }
}

extension LivePlan {
  /// A description of the run.
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
