import Console
import ExecEngine
import ExecModel
import Glibc
import HostBoxes
import Linux
import RaceLab
import Synchronization

/// Runs real executions, with the dispatchers in turn, and counts the outcomes.
final class LiveRace {
  /// Why the race ended early.
  enum Stop: Sendable {
    /// By a signal.
    case signal(Signal)
    /// A command could not be started.
    case start(BoxError)
  }

  /// Nanoseconds that a killed execution has to end; a holder that left its group may live on, and
  /// is not waited for.
  private static let patience: UInt64 = 1_000_000_000

  /// Finished executions, posted by other threads.
  private final class Inbox: Sendable {
    let wake: WakeDescriptor
    private let settled = Mutex<[LiveExecution]>([])

    init() throws { wake = try WakeDescriptor.make() }

    func put(_ execution: LiveExecution) {
      settled.withLock { $0.append(execution) }
      wake.wake()
    }

    func take() -> [LiveExecution] {
      settled.withLock { settled in
        defer { settled = [] }
        return settled
      }
    }
  }

  /// A running execution.
  private struct Entry {
    let index: Int
    let execution: LiveExecution
    /// When it is given up: first killed, then abandoned.
    var due: UInt64
    var isExpired = false
  }

  /// The counts so far, in the order of the dispatchers.
  private(set) var tallies: [LiveTally]
  private let plan: LivePlan
  private let box = LocalBox()
  private let scratch: LiveScratch
  private let inbox: Inbox
  private let timers = TimerThread.shared
  private var running: [Entry] = []
  private var started = 0

  /// Prepares a race.
  ///
  /// - Throws: ``/Console/Failure`` when no descriptor is available.
  init(_ plan: LivePlan, _ scratch: LiveScratch) throws {
    self.plan = plan
    self.scratch = scratch
    inbox = try Inbox()
    tallies = plan.kinds.map { LiveTally($0) }
  }

  /// The number of finished executions.
  var finished: Int { tallies.reduce(0) { $0 + $1.executions } }

  /// Runs the race until its end, a signal, or a command that cannot be started; nothing is running
  /// afterwards.
  ///
  /// - Parameter progress: called when an execution has been started, and from then on at least ten
  ///   times a second.
  /// - Throws: ``/Console/Failure`` when the outcome of an execution cannot be known, or an error of
  ///   `progress`.
  func run(_ signals: SignalQueue?, progress: () throws -> Void = {}) throws -> Stop? {
    let burners = plan.isLoaded ? CoreBurners() : nil
    defer {
      withExtendedLifetime(burners) {}
      abandonAll()
    }
    while finished < plan.total {
      if let signal = signals?.next() { return .signal(signal) }
      if let error = try startMore() { return .start(error) }
      try progress()
      sleep(signals)
      for execution in inbox.take() { try take(execution) }
      try giveUp()
    }
    return nil
  }

  private func startMore() throws -> BoxError? {
    while running.count < plan.jobs, started < plan.total {
      let index = started
      let execution = LiveExecution(plan.kind(at: index), plan, index: index, in: scratch.engine) { [inbox] in
        inbox.put($0)
      }
      running.append(Entry(index: index, execution: execution, due: timers.now() &+ plan.limit.nanoseconds))
      started += 1
      if let error = try execution.start(in: box) { return error }
    }
    return nil
  }

  /// Sleeps until an execution is over, a signal arrives, the next time limit expires, or the
  /// progress is to be drawn.
  private func sleep(_ signals: SignalQueue?) {
    let now = timers.now()
    let due = running.map(\.due).min() ?? now
    let milliseconds = min(100, (due - min(due, now)) / 1_000_000 + 1)
    var entries = [
      pollfd(fd: inbox.wake.raw, events: Int16(POLLIN), revents: 0),
      pollfd(fd: signals?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&entries, 2, Int32(milliseconds)) > 0 else { return }
    if entries[0].revents != 0 { inbox.wake.clear() }
  }

  private func take(_ execution: LiveExecution) throws {
    guard let place = running.firstIndex(where: { $0.execution === execution }) else { return }
    let entry = running.remove(at: place)
    let outcome = try execution.finish()
    tallies[entry.index % tallies.count].add(outcome)
  }

  /// Kills executions at their time limit, and a second later takes what is known of them.
  private func giveUp() throws {
    let now = timers.now()
    for entry in running where entry.due <= now {
      guard !entry.isExpired else {
        try take(entry.execution)
        continue
      }
      entry.execution.expire()
      guard let place = running.firstIndex(where: { $0.index == entry.index }) else { continue }
      running[place].isExpired = true
      running[place].due = now &+ Self.patience
    }
  }

  /// Ends the running executions without counting them.
  private func abandonAll() {
    for entry in running { _ = try? entry.execution.finish() }
    running = []
  }
}
