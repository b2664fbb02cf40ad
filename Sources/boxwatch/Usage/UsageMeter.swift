import Boxes
import BoxwatchUI
import CExecShims
import ExecEngine
import ExecModel
import Glibc
import Synchronization

/// Measures what the executions on the screen use, on a thread of its own and at its own pace.
final class UsageMeter: Sendable {
  private struct State: Sendable {
    var pace = UsagePace()
    var isBusy = false
    var commands = UsageRates<ExecutionID>()
    var boxes = UsageRates<String>()
    /// A box that was found stays: it remembers where it counts.
    var known: [String: any Box] = [:]
  }

  private let engine: Engine
  private let box: @Sendable (String) -> (any Box)?
  private let report: @Sendable (Message) -> Void
  private let state = Mutex(State())

  /// - Parameters:
  ///   - box: finds a box by its name.
  ///   - report: takes each round's ``/BoxwatchUI/Message/usage(commands:boxes:)``, on another thread.
  init(
    _ engine: Engine, box: @escaping @Sendable (String) -> (any Box)?, report: @escaping @Sendable (Message) -> Void
  ) {
    self.engine = engine
    self.box = box
    self.report = report
  }

  /// Begins a round, unless one is under way or was a moment ago.
  func measure(_ targets: [UsageTarget]) {
    let begins = state.withLock { state in
      guard !state.isBusy, state.pace.isDue(MonotonicClock.now) else { return false }
      state.isBusy = true
      return true
    }
    guard begins else { return }
    let failure = EngineThread.start(name: "boxwatch-usage") { [self] in run(targets) }
    if failure != nil { state.withLock { $0.isBusy = false } }
  }

  private func run(_ targets: [UsageTarget]) {
    let begin = MonotonicClock.now
    let message = round(targets)
    report(message)
    state.withLock { state in
      state.pace.spent(Self.processorTime, from: begin)
      state.isBusy = false
    }
  }

  /// What this thread, which does nothing else, has taken of a processor.
  private static var processorTime: UInt64 { cexec_clock(CLOCK_THREAD_CPUTIME_ID) }

  /// One look at everything.
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
    // Who holds a stream after the exit was left by the command, and is no descendant of it any more.
    if !target.holders.isEmpty { return ProcessTree.usage(of: target.holders) }
    do throws(EngineError) { return try engine.usage(target.id) } catch {
      // Another boxwatch's: only its process's number is known.
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
        // It may have been made anew meanwhile.
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
