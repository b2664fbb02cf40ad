public import ExecModel
import Glibc
public import Journal
import Linux
public import Logging
import Synchronization
public import SystemPackage

/// Why the engine could not perform an operation.
public enum EngineError: Error, Sendable, CustomStringConvertible {
  /// There is no execution with this identifier.
  case unknown(ExecutionID)
  /// The execution is still running.
  case running(ExecutionID)
  /// The journal could not be created or removed.
  case journal(JournalError)

  /// Whether the cause is a shortage of descriptors, memory or disk space, which may lift.
  public var isShortage: Bool {
    switch self {
    case .journal(let error): SystemErrorText.canLift(error.errno.rawValue)
    case .unknown, .running: false
    }
  }

  /// One line for display.
  public var description: String {
    switch self {
    case .unknown(let id): "there is no execution \(id)"
    case .running(let id): "execution \(id) is still running: end it first"
    case .journal(let error): error.description
    }
  }
}

/// Makes identifiers that sort by start time and do not collide with those of another process.
struct ExecutionNamer: ~Copyable {
  private let count = Atomic<UInt32>(0)
  private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

  /// An identifier of the form `20261124-055827-412345-k3f9x-1`: UTC time to the microsecond, five random characters,
  /// and a count within the process.
  func next() -> ExecutionID {
    let now = WallClock.now
    let chance = (0..<5).compactMap { _ in Self.digits.randomElement() }
    let serial = count.add(1, ordering: .relaxed).newValue
    let fraction = WallClock.microseconds(now)
    return ExecutionID(
      checked: "\(WallClock.compactText(now))-\(fraction)-\(String(decoding: chance, as: UTF8.self))-\(serial)")
  }
}

/// The state of one execution at one moment; a ``Subscription`` delivers later changes.
public struct ExecutionSnapshot: Sendable, Hashable {
  /// The execution's identifier.
  public let id: ExecutionID
  /// The name of its box.
  public let box: String
  /// The machine's state.
  ///
  /// In a terminal state the journal may still be pending; ``conclusion`` marks the end.
  public let state: ExecutionState
  /// Where the execution stands, as its events tell.
  public let standing: Standing
  /// The content of the terminal event; nil until it is published.
  public var conclusion: Conclusion? { standing.conclusion }
  /// The process ID on the host.
  public let processIdentifier: Int32?
  /// Bytes published so far.
  public let bytes: PerStream<UInt64>
  /// Newlines in the published bytes.
  public let lines: PerStream<UInt64>
  /// Bytes evicted so far.
  public let evicted: PerStream<UInt64>
  /// Stalled streams, with the journal's error number (0: a subscriber must catch up).
  public let stalls: PerStream<Int32?>
  /// Whether the record can be written.
  public let record: RecordHealth
  /// Number of reports that came after the end or were impossible.
  public let dropped: UInt64
  /// Whether the command continues when boxwatch detaches.
  public let outlives: Bool
  /// Why the box could not start the command, in one line.
  public let startError: String?
}

/// Runs executions in boxes, records them, and serves the record to subscribers from the first byte to the terminal
/// event.
///
/// Every method may be called from any thread. The engine starts no task and only one thread, that of its timers; the
/// boxes' threads write output straight into the journal.
public final class Engine: Sendable {
  /// The folder that holds one journal for each execution.
  public let executionsDirectory: FilePath
  /// The number of journals created and ended in that folder.
  public let journalCount: JournalCount

  private let timers: any EngineTimers
  private let logger: Logger
  private let namer = ExecutionNamer()
  private let executions = Mutex<[ExecutionID: Execution]>([:])
  private let watchers = Mutex<[@Sendable (ExecutionID) -> Void]>([])
  private let recordWatchers = Watchers()
  private let lostRecords = LostRecords()

  /// Shared with the executions, which have no reference to the engine.
  private final class Watchers: Sendable {
    let all = Mutex<[@Sendable (ExecutionID, RecordHealth) -> Void]>([])
  }

  /// Makes an engine whose journals live below `stateDirectory`; the folder is created when first needed.
  public init(
    stateDirectory: FilePath, timers: any EngineTimers = TimerThread.shared,
    logger: Logger = Logger(label: "boxwatch.engine")
  ) {
    executionsDirectory = stateDirectory.appending("executions")
    journalCount = JournalCount(executionsDirectory)
    self.timers = timers
    self.logger = logger
  }

  /// Starts a command in a box.
  ///
  /// A command that fails to start is an execution too; its terminal event carries the reason.
  ///
  /// - Throws: ``EngineError/journal(_:)`` when the journal cannot be created; the command is not started.
  @discardableResult
  public func start(_ spec: ExecutionSpec, in box: any Box) throws(EngineError) -> ExecutionID {
    let execution = try create(spec, box: box.name)
    execution.start(in: box)
    return execution.identity.id
  }

  /// Starts a command in a box after calling `prepare`.
  ///
  /// A subscriber or waiter that registers in `prepare` misses nothing, even when the command's output exceeds the
  /// journal's limit at once.
  ///
  /// - Throws: ``EngineError/journal(_:)``, or the error of `prepare`; the command is not started.
  @discardableResult
  public func start(
    _ spec: ExecutionSpec, in box: any Box, preparing prepare: (ExecutionID) throws -> Void
  ) throws -> ExecutionID {
    try start(try create(spec, box: box.name), in: box, preparing: prepare)
  }

  /// Starts a command whose end is decided by another rule than the drain-ordered machine: for the race lab.
  ///
  /// - Throws: ``EngineError/journal(_:)``, or the error of `prepare`; the command is not started.
  @discardableResult
  package func start(
    _ spec: ExecutionSpec, in box: any Box, decidedBy decider: any ExecutionDecider,
    preparing prepare: (ExecutionID) throws -> Void
  ) throws -> ExecutionID {
    try start(try create(spec, box: box.name, .substitute(decider)), in: box, preparing: prepare)
  }

  private func start(
    _ execution: Execution, in box: any Box, preparing prepare: (ExecutionID) throws -> Void
  ) throws -> ExecutionID {
    do { try prepare(execution.identity.id) } catch {
      execution.forceClose()
      throw error
    }
    execution.start(in: box)
    return execution.identity.id
  }

  private func create(
    _ spec: ExecutionSpec, box: String, _ decider: Decider? = nil
  ) throws(EngineError) -> Execution {
    let identity = JournalIdentity(id: namer.next(), box: box, created: WallClock.now, watcher: getpid())
    do throws(JournalError) {
      let journal = try JournalWriter(
        creating: executionsDirectory.appending(identity.id.description), identity: identity, spec: spec,
        countedBy: journalCount)
      let (id, recordWatchers) = (identity.id, recordWatchers)
      let execution = Execution(
        identity: identity, spec: spec,
        decider: decider ?? .drainOrdered(ExecutionMachine(streams: spec.streams, policy: spec.drain)),
        journal: journal, timers: timers, logger: logger, lostRecords: lostRecords,
        watchHealth: { health in for watcher in recordWatchers.all.withLock({ $0 }) { watcher(id, health) } })
      executions.withLock { $0[identity.id] = execution }
      for watcher in watchers.withLock({ $0 }) { watcher(identity.id) }
      return execution
    } catch {
      throw .journal(error)
    }
  }

  private func execution(_ id: ExecutionID) throws(EngineError) -> Execution {
    guard let execution = executions.withLock({ $0[id] }) else { throw .unknown(id) }
    return execution
  }
}

// MARK: - Reading

extension Engine {
  /// Subscribes to an execution from its first event, or from offsets that the subscriber has already.
  ///
  /// - Parameters:
  ///   - id: the execution.
  ///   - offsets: the bytes of each stream that the subscriber has.
  ///   - needsEveryByte: evict nothing that this subscriber has not read; the command waits
  ///     instead.
  public func attach(
    _ id: ExecutionID, from offsets: PerStream<UInt64> = .init(), needsEveryByte: Bool = false
  ) throws(EngineError) -> Subscription {
    Subscription(try execution(id), from: offsets, needsEveryByte: needsEveryByte)
  }

  /// A reader of an execution's journal, including the part kept in memory; files are opened at the first use.
  public func reader(_ id: ExecutionID) throws(EngineError) -> JournalReader {
    JournalReader(of: try execution(id).journal)
  }

  /// Protects an execution's journal from pruning; the hold takes a descriptor only after the end of the execution.
  public func hold(_ id: ExecutionID) throws(EngineError) -> JournalHold? { try execution(id).journal.hold() }

  /// Calls `answer` exactly once with the conclusion, after the terminal event is published, or at once if it already
  /// is.
  public func wait(
    _ id: ExecutionID, _ answer: @escaping @Sendable (Conclusion) -> Void
  ) throws(EngineError) {
    try execution(id).wait(answer)
  }

  /// Waits for the terminal event.
  public func wait(_ id: ExecutionID) async throws(EngineError) -> Conclusion {
    let execution = try execution(id)
    return await withCheckedContinuation { continuation in
      execution.wait { continuation.resume(returning: $0) }
    }
  }

  /// The current state of an execution.
  public func snapshot(_ id: ExecutionID) throws(EngineError) -> ExecutionSnapshot { try execution(id).snapshot }

  /// The spec of an execution.
  public func spec(_ id: ExecutionID) throws(EngineError) -> ExecutionSpec { try execution(id).spec }

  /// The identity of an execution's journal: its owner and creation time.
  public func identity(_ id: ExecutionID) throws(EngineError) -> JournalIdentity { try execution(id).identity }

  /// The current states of all executions, in start order.
  public func snapshots() -> [ExecutionSnapshot] {
    executions.withLock { Array($0.values) }.map(\.snapshot).sorted { $0.id < $1.id }
  }

  /// Calls `watcher` for every execution created from now on, before its command starts.
  ///
  /// The watcher runs on the thread that starts the execution and must not block.
  public func watchStarts(_ watcher: @escaping @Sendable (ExecutionID) -> Void) {
    watchers.withLock { $0.append(watcher) }
  }

  /// Calls `watcher` when an execution's record stalls, recovers or is lost; for one execution in order, one call at a
  /// time.
  ///
  /// The watcher runs on a pump's or a timer's thread and must not block.
  public func watchRecords(_ watcher: @escaping @Sendable (ExecutionID, RecordHealth) -> Void) {
    recordWatchers.all.withLock { $0.append(watcher) }
  }

  /// The processes that hold a draining execution's streams open; slow, because it queries the system.
  public func holders(_ id: ExecutionID) throws(EngineError) -> [PipeHolder] { try execution(id).holders() }

  /// The current resource usage of a command and its descendants; nil where the box does not measure it, and after the
  /// end.
  ///
  /// It queries the system.
  public func usage(_ id: ExecutionID) throws(EngineError) -> ResourceUsage? { try execution(id).usage() }

  /// Whether an execution's journal still exists in its folder.
  public func hasJournal(_ id: ExecutionID) -> Bool {
    access(journalDirectory(id).appending("spec.json").string, F_OK) == 0
  }

  /// The folder of an execution's journal.
  public func journalDirectory(_ id: ExecutionID) -> FilePath { executionsDirectory.appending(id.description) }
}

// MARK: - Driving

extension Engine {
  /// Queues bytes for the command's input; `completion` is called once, when they were written or cannot be.
  public func write(
    _ id: ExecutionID, _ bytes: [UInt8], completion: @escaping @Sendable (InputError?) -> Void = { _ in }
  ) throws(EngineError) {
    try execution(id).write(bytes, completion: completion)
  }

  /// Closes the command's input after the queued bytes.
  public func closeInput(_ id: ExecutionID) throws(EngineError) { try execution(id).closeInput() }

  /// Sends a signal to the command's process group.
  ///
  /// - Throws: ``EngineError/unknown(_:)`` or a ``SignalError``.
  public func signal(_ id: ExecutionID, _ signal: Signal) throws { try execution(id).signal(signal) }

  /// Sets the size of the command's terminal.
  public func resize(_ id: ExecutionID, to size: TerminalSize) throws(EngineError) { try execution(id).resize(size) }

  /// Force-closes an execution; does nothing if it is over.
  ///
  /// The process group of a running command is killed, its readable output is drained, and the status is *force
  /// closed*. For a draining execution the held streams are released, and the outcome names them.
  ///
  /// - Parameters:
  ///   - id: the execution.
  ///   - reason: the cause noted for streams that are given up.
  public func forceClose(_ id: ExecutionID, because reason: StreamCut = .forced) throws(EngineError) {
    try execution(id).forceClose(because: reason)
  }

  /// Force-closes an execution and kills the rest of its process group.
  ///
  /// A draining command has already exited, and other members of its group may hold its streams. Closing alone would
  /// leave them running, so they are killed first.
  ///
  /// - Parameters:
  ///   - id: the execution.
  ///   - reason: the cause noted for streams that are given up.
  public func kill(_ id: ExecutionID, because reason: StreamCut = .forced) throws(EngineError) {
    try execution(id).kill(because: reason)
  }

  /// Detaches from a command that continues without boxwatch: the execution ends as *detached*.
  ///
  /// Only for a box with ``BoxCapabilities/outlives``; the command of any other box would be left without an owner.
  public func detach(_ id: ExecutionID) throws(EngineError) {
    try execution(id).detach()
  }

  /// Removes a finished execution from the registry; its journal and its subscriptions remain.
  ///
  /// - Throws: ``EngineError/unknown(_:)``, or ``EngineError/running(_:)``.
  public func forget(_ id: ExecutionID) throws(EngineError) {
    guard try execution(id).snapshot.conclusion != nil else { throw .running(id) }
    executions.withLock { $0[id] = nil }
  }

  /// Removes a finished execution from the registry and deletes its journal.
  public func remove(_ id: ExecutionID) throws(EngineError) {
    let execution = try execution(id)
    guard execution.snapshot.conclusion != nil else { throw .running(id) }
    // The end is published before the journal is closed, and an open journal is not removed.
    execution.finish()
    do throws(JournalError) {
      try JournalCatalogue(directory: executionsDirectory).remove(id)
    } catch  where error.errno == .noSuchFileOrDirectory {
      // Removed by another process.
    } catch {
      throw .journal(error)
    }
    executions.withLock { $0[id] = nil }
  }
}
