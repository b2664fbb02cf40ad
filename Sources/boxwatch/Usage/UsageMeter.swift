import BoxwatchUI
import ExecEngine
import ExecModel
import Glibc
import HostBoxes
import Linux
import Synchronization

/// Decides when to measure: once a second, or less often, so that measuring never exceeds its share
/// of a core.
///
/// All times are nanoseconds.
struct UsagePace: Hashable, Sendable {
  /// The minimum interval as a multiple of a round's cost: 0.5 % of a core.
  static let share: UInt64 = 200
  /// The usual interval between two rounds; the one-second tick requests it and may come a moment
  /// early.
  static let usual: UInt64 = 900_000_000
  /// The maximum interval, however expensive a round was.
  static let longest: UInt64 = 60_000_000_000

  private var next: UInt64 = 0

  /// Whether a round may begin.
  func isDue(_ now: UInt64) -> Bool { now >= next }

  /// Records a round that began at a time and took `cost` of a processor.
  mutating func spent(_ cost: UInt64, from begin: UInt64) {
    let rest = min(cost.multipliedReportingOverflow(by: Self.share).partialValue, Self.longest)
    next = begin &+ max(Self.usual, cost > Self.longest ? Self.longest : rest)
  }
}

/// Computes usage between two measurements from cumulative processor times.
struct UsageRates<Key: Hashable & Sendable>: Sendable {
  private struct Look {
    var time: UInt64
    var processor: UInt64
  }

  private var looks: [Key: Look] = [:]

  /// The samples of one round; keys that are not in it are forgotten.
  mutating func take(_ usages: [Key: ResourceUsage], at time: UInt64) -> [Key: UsageSample] {
    let samples = Dictionary(
      uniqueKeysWithValues: usages.map { key, usage in
        (key, UsageSample(processor: processor(key, usage, time), memory: usage.memory))
      })
    looks = usages.compactMapValues { usage in
      usage.processorNanoseconds.map { Look(time: time, processor: $0) }
    }
    return samples
  }

  /// Thousandths of one processor since the last measurement.
  ///
  /// The time of a process that leaves the tree is subtracted from the total: a decrease counts as
  /// 0.
  private func processor(_ key: Key, _ usage: ResourceUsage, _ time: UInt64) -> UInt64? {
    guard let look = looks[key], let now = usage.processorNanoseconds, time > look.time else { return nil }
    let used = Double(now > look.processor ? now - look.processor : 0)
    return UInt64(min(used * 1000 / Double(time - look.time), 1e9))
  }
}

/// The process of another boxwatch's execution, identified by the number in its record, which may
/// have been reused or belong to another host.
struct LateProcess {
  /// Its process number.
  let processIdentifier: Int32

  /// The maximum duration of a start, in nanoseconds.
  private static let patience: UInt64 = 10_000_000_000

  /// Nil when the process with that number did not start when the execution did.
  init?(_ target: UsageTarget) {
    guard let number = target.processIdentifier, number > 1,
      let start = ProcessDirectory(processIdentifier: number).startTime()
    else { return nil }
    let begun = start &* BootClock.tick
    let age = BootClock.now - min(BootClock.now, begun)
    let wanted = MonotonicClock.now - min(MonotonicClock.now, target.created)
    guard max(age, wanted) - min(age, wanted) < Self.patience else { return nil }
    processIdentifier = number
  }
}

/// Measures the usage of the executions on the screen, on its own thread and at its own pace.
final class UsageMeter: Sendable {
  private struct State: Sendable {
    var pace = UsagePace()
    var isBusy = false
    var commands = UsageRates<ExecutionID>()
    var boxes = UsageRates<String>()
    /// Boxes stay cached: each remembers where its usage is counted.
    var known: [String: any Box] = [:]
  }

  private let engine: Engine
  private let box: @Sendable (String) -> (any Box)?
  private let report: @Sendable (Message) -> Void
  private let state = Mutex(State())

  /// - Parameters:
  ///   - box: finds a box by its name.
  ///   - report: called with each round's ``/BoxwatchUI/Message/usage(commands:boxes:)`` on another
  ///     thread.
  init(
    _ engine: Engine, box: @escaping @Sendable (String) -> (any Box)?, report: @escaping @Sendable (Message) -> Void
  ) {
    self.engine = engine
    self.box = box
    self.report = report
  }

  /// Starts a round, unless one is running or ended a moment ago.
  func measure(_ targets: [UsageTarget]) {
    let begins = state.withLock { state in
      guard !state.isBusy, state.pace.isDue(MonotonicClock.now) else { return false }
      state.isBusy = true
      return true
    }
    guard begins else { return }
    let failure = DetachedThread.start(name: "boxwatch-usage") { [self] in run(targets) }
    if failure != nil { state.withLock { $0.isBusy = false } }
  }

  private func run(_ targets: [UsageTarget]) {
    let begin = MonotonicClock.now
    let message = round(targets)
    report(message)
    state.withLock { state in
      // This thread does nothing else.
      state.pace.spent(ThreadProcessorTime.now, from: begin)
      state.isBusy = false
    }
  }

  /// Measures everything once.
  func round(_ targets: [UsageTarget]) -> Message {
    let pairs = targets.compactMap { target in usage(target).map { (target.id, $0) } }
    let commands = Dictionary(pairs) { first, _ in first }
    let boxes = boxUsages(Set(targets.map(\.box)))
    let now = MonotonicClock.now
    return state.withLock { state in
      .usage(commands: state.commands.take(commands, at: now), boxes: state.boxes.take(boxes, at: now))
    }
  }

  private func usage(_ target: UsageTarget) -> ResourceUsage? {
    // A process that holds a stream after the exit was orphaned by the command and is no longer its
    // descendant.
    if !target.holders.isEmpty { return ProcessTree.usage(of: target.holders) }
    do throws(EngineError) { return try engine.usage(target.id) } catch {
      // An execution of another boxwatch: only its process number is known.
      return LateProcess(target).flatMap { ProcessTree.usage(of: [$0.processIdentifier]) }
    }
  }

  private func boxUsages(_ names: Set<String>) -> [String: ResourceUsage] {
    let known = state.withLock { $0.known }
    var found: [String: any Box] = [:]
    var usages: [String: ResourceUsage] = [:]
    for name in names {
      found[name] = known[name] ?? box(name)
      guard let usage = found[name]?.usage() else {
        // It may have been recreated since.
        found[name] = nil
        continue
      }
      usages[name] = usage
    }
    let kept = found
    state.withLock { $0.known = kept }
    return usages
  }
}
