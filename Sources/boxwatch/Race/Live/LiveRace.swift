import Boxes
import ExecEngine
import ExecModel
import Glibc
import RaceLab
import Synchronization

/// Runs real executions, the dispatchers taking turns, and counts what became of each.
final class LiveRace {
  /// Why the race ended before its time.
  enum Stop: Sendable {
    /// A signal said so.
    case signal(Signal)
    /// A command could not be started.
    case start(BoxError)
  }

  /// Nanoseconds that a killed execution has to be over; a holder that left its group may live on, and is not waited for.
  private static let patience: UInt64 = 1_000_000_000

  /// Executions that are over, from the threads that saw it.
  private final class Inbox: Sendable {
    let wake: WakeDescriptor
    private let settled = Mutex<[LiveExecution]>([])

    init() throws { wake = try WakeDescriptor() }

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

  /// An execution that runs.
  private struct Entry {
    let index: Int
    let execution: LiveExecution
    /// When it is given up: first killed, then left.
    var due: UInt64
    var isExpired = false
  }

  /// What was counted so far, by dispatcher in their order.
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
  /// - Throws: ``Failure`` when the kernel has no descriptor left.
  init(_ plan: LivePlan, _ scratch: LiveScratch) throws {
    self.plan = plan
    self.scratch = scratch
    inbox = try Inbox()
    tallies = plan.kinds.map { LiveTally($0) }
  }

  /// How many executions are over.
  var finished: Int { tallies.reduce(0) { $0 + $1.executions } }

  /// Runs it to its end, or until a signal comes or a command cannot be started; nothing runs any more then.
  ///
  /// - Parameter progress: Called when something has been started, and from then on at least ten times a second.
  /// - Throws: ``Failure`` when what became of an execution cannot be known, or what `progress` throws.
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
      let journal = try scratch.makeJournal(index, plan.spec)
      let execution = LiveExecution(plan.kind(at: index), plan, index: index, journal) { [inbox] in inbox.put($0) }
      running.append(Entry(index: index, execution: execution, due: timers.now() &+ plan.limit.nanoseconds))
      started += 1
      do throws(BoxError) { try execution.start(in: box) } catch { return error }
    }
    return nil
  }

  /// Sleeps until an execution is over, a signal comes, the next is due, or it is time to draw the progress.
  private func sleep(_ signals: SignalQueue?) {
    let now = timers.now()
    let due = running.map(\.due).min() ?? now
    let milliseconds = min(100, (due - min(due, now)) / 1_000_000 + 1)
    var entries = [
      pollfd(fd: inbox.wake.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: signals?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&entries, 2, Int32(milliseconds)) > 0 else { return }
    if entries[0].revents != 0 { inbox.wake.clear() }
  }

  private func take(_ execution: LiveExecution) throws {
    guard let place = running.firstIndex(where: { $0.execution === execution }) else { return }
    let entry = running.remove(at: place)
    defer { scratch.remove(entry.index) }
    let outcome = try execution.finish()
    tallies[entry.index % tallies.count].add(outcome)
  }

  /// Kills what had its time, and a second later takes what is known of it.
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

  /// Ends what runs, uncounted.
  private func abandonAll() {
    for entry in running {
      _ = try? entry.execution.finish()
      scratch.remove(entry.index)
    }
    running = []
  }
}
