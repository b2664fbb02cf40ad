public import ExecModel
import Glibc
public import Journal
public import Logging
import Synchronization
public import SystemPackage

/// Why the engine could not do what was asked.
public enum EngineError: Error, Sendable, CustomStringConvertible {
  /// No execution with this identifier.
  case unknown(ExecutionID)
  /// The execution still runs.
  case running(ExecutionID)
  /// The journal could not be created or removed.
  case journal(JournalError)

  /// Whether descriptors, memory or room on the disk were missing, which may be given back.
  public var isShortage: Bool {
    switch self {
    case .journal(let error): SystemErrorText.canLift(error.errno.rawValue)
    case .unknown, .running: false
    }
  }

  /// One line for people.
  public var description: String {
    switch self {
    case .unknown(let id): "there is no execution \(id)"
    case .running(let id): "execution \(id) still runs: end it first"
    case .journal(let error): error.description
    }
  }
}

/// Makes identifiers that sort by start time and do not meet those of another process.
struct ExecutionNamer: ~Copyable {
  private let count = Atomic<UInt32>(0)
  private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

  /// An identifier of the form `20261124-055827-412345-k3f9x-1`: UTC time to the microsecond, chance, and a count within
  /// the process.
  func next() -> ExecutionID {
    let now = WallClock.now
    let parts = WallClock.utc(now)
    let date = [parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday].map { WallClock.pad($0) }.joined()
    let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { WallClock.pad($0) }.joined()
    let chance = (0..<5).compactMap { _ in Self.digits.randomElement() }
    let serial = count.add(1, ordering: .relaxed).newValue
    let fraction = WallClock.microseconds(now)
    return ExecutionID(checked: "\(date)-\(clock)-\(fraction)-\(String(decoding: chance, as: UTF8.self))-\(serial)")
  }
}

/// Where one execution stands at one moment; later moments are told by a ``Subscription``.
public struct ExecutionSnapshot: Sendable, Hashable {
  /// Which execution.
  public let id: ExecutionID
  /// The name of its box.
  public let box: String
  /// The machine's state.
  ///
  /// A terminal state may still wait for the journal; the end is ``conclusion``.
  public let state: ExecutionState
  /// Set once the terminal event is published.
  public let conclusion: Conclusion?
  /// The process's number on the host.
  public let processIdentifier: Int32?
  /// Published bytes.
  public let bytes: StreamCounts
  /// Newlines in them.
  public let lines: StreamCounts
  /// Evicted bytes.
  public let evicted: StreamCounts
  /// Stopped streams, with the journal's error number (0: a subscriber must catch up).
  public let stalls: [ExecStream: Int32]
  /// Whether the record takes what happens.
  public let record: RecordHealth
  /// Reports that came after the end or made no sense.
  public let dropped: UInt64
  /// Whether the command goes on when boxwatch lets go of it.
  public let outlives: Bool
  /// Why the box could not start the command, in one line.
  public let startError: String?
}

/// Runs executions in boxes, keeps their record, and tells everyone who asks: each from the first byte to the one end.
///
/// Every method may be called from any thread. The engine starts no task and no thread but its timers'; output is
/// carried by the boxes' own threads straight into the journal.
public final class Engine: Sendable {
  /// The folder that holds one journal for each execution.
  public let executionsDirectory: FilePath
  /// How many journals were made and ended in it.
  public let journalCount: JournalCount

  private let timers: any EngineTimers
  private let logger: Logger
  private let namer = ExecutionNamer()
  private let executions = Mutex<[ExecutionID: Execution]>([:])
  private let watchers = Mutex<[@Sendable (ExecutionID) -> Void]>([])
  private let recordWatchers = Watchers()
  private let lostRecords = LostRecords()

  /// Shared with the executions, which do not know the engine.
  private final class Watchers: Sendable {
    let all = Mutex<[@Sendable (ExecutionID, RecordHealth) -> Void]>([])
  }

  /// Makes an engine whose journals live below `stateDirectory`, created when first needed.
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
  /// A command that cannot start is an execution too, whose terminal event says why.
  ///
  /// - Throws: ``EngineError/journal(_:)`` when no journal can be created: nothing was started then.
  @discardableResult
  public func start(_ spec: ExecutionSpec, in box: any Box) throws(EngineError) -> ExecutionID {
    let execution = try create(spec, box: box.name)
    execution.start(in: box)
    return execution.identity.id
  }

  /// Starts a command in a box after `prepare` had its turn: whoever subscribes or waits in there misses nothing, also
  /// when the command's output passes the journal's limit at once.
  ///
  /// - Throws: ``EngineError/journal(_:)`` or what `prepare` throws: nothing was started then.
  @discardableResult
  public func start(
    _ spec: ExecutionSpec, in box: any Box, preparing prepare: (ExecutionID) throws -> Void
  ) throws -> ExecutionID {
    let execution = try create(spec, box: box.name)
    do { try prepare(execution.identity.id) } catch {
      execution.forceClose()
      throw error
    }
    execution.start(in: box)
    return execution.identity.id
  }

  private func create(_ spec: ExecutionSpec, box: String) throws(EngineError) -> Execution {
    let identity = JournalIdentity(id: namer.next(), box: box, created: WallClock.now, watcher: getpid())
    do throws(JournalError) {
      let journal = try JournalWriter(
        creating: executionsDirectory.appending(identity.id.description), identity: identity, spec: spec,
        countedBy: journalCount)
      let (id, recordWatchers) = (identity.id, recordWatchers)
      let execution = Execution(
        identity: identity, spec: spec, journal: journal, timers: timers, logger: logger,
        lostRecords: lostRecords,
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
  /// Subscribes to an execution from its first event on, or from offsets that the subscriber has already.
  ///
  /// - Parameter needsEveryByte: nothing is evicted that this subscriber has not read; the command waits instead.
  public func attach(
    _ id: ExecutionID, from offsets: StreamCounts = .init(), needsEveryByte: Bool = false
  ) throws(EngineError) -> Subscription {
    Subscription(try execution(id), from: offsets, needsEveryByte: needsEveryByte)
  }

  /// Reads an execution's journal, also what its disk did not take; opened at the first use.
  public func reader(_ id: ExecutionID) throws(EngineError) -> JournalReader {
    JournalReader(of: try execution(id).journal)
  }

  /// Keeps an execution's journal from being pruned; takes a descriptor only from the end of the execution on.
  public func hold(_ id: ExecutionID) throws(EngineError) -> JournalHold? { try execution(id).journal.hold() }

  /// Calls `answer` exactly once with the conclusion, after the terminal event is published; at once when it is already.
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

  /// Where an execution stands now.
  public func snapshot(_ id: ExecutionID) throws(EngineError) -> ExecutionSnapshot { try execution(id).snapshot }

  /// What was to be run.
  public func spec(_ id: ExecutionID) throws(EngineError) -> ExecutionSpec { try execution(id).spec }

  /// Whose journal an execution's is, and when it was created.
  public func identity(_ id: ExecutionID) throws(EngineError) -> JournalIdentity { try execution(id).identity }

  /// Where all executions stand, in start order.
  public func snapshots() -> [ExecutionSnapshot] {
    executions.withLock { Array($0.values) }.map(\.snapshot).sorted { $0.id < $1.id }
  }

  /// Calls `watcher` for every execution that is created from now on, before its command starts.
  ///
  /// It is called by whoever starts the execution, and must not block.
  public func watchStarts(_ watcher: @escaping @Sendable (ExecutionID) -> Void) {
    watchers.withLock { $0.append(watcher) }
  }

  /// Calls `watcher` whenever an execution's record stalls, is written again, or is lost: for one execution in order, one call
  /// at a time.
  ///
  /// It is called on a pump's thread or a timer's, and must not block.
  public func watchRecords(_ watcher: @escaping @Sendable (ExecutionID, RecordHealth) -> Void) {
    recordWatchers.all.withLock { $0.append(watcher) }
  }

  /// The processes that hold a draining execution's streams open; slow, it asks the system.
  public func holders(_ id: ExecutionID) throws(EngineError) -> [PipeHolder] { try execution(id).holders() }

  /// What a command and its descendants use now; nil where its box does not count, and when it is over; asks the system.
  public func usage(_ id: ExecutionID) throws(EngineError) -> ResourceUsage? { try execution(id).usage() }

  /// Whether an execution's journal is where others look for it.
  public func hasJournal(_ id: ExecutionID) -> Bool {
    access(journalDirectory(id).appending("spec.json").string, F_OK) == 0
  }

  /// The folder of an execution's journal.
  public func journalDirectory(_ id: ExecutionID) -> FilePath { executionsDirectory.appending(id.description) }
}

// MARK: - Driving

extension Engine {
  /// Queues bytes for the command's input; `completion` is called once, when they were taken or will not be.
  public func write(
    _ id: ExecutionID, _ bytes: [UInt8], completion: @escaping @Sendable (InputError?) -> Void = { _ in }
  ) throws(EngineError) {
    try execution(id).write(bytes, completion: completion)
  }

  /// Closes the command's input after what was queued.
  public func closeInput(_ id: ExecutionID) throws(EngineError) { try execution(id).closeInput() }

  /// Sends a signal to the command's process group.
  ///
  /// - Throws: ``EngineError/unknown(_:)`` or a ``SignalError``.
  public func signal(_ id: ExecutionID, _ signal: Signal) throws { try execution(id).signal(signal) }

  /// Tells the command's terminal its new size.
  public func resize(_ id: ExecutionID, to size: TerminalSize) throws(EngineError) { try execution(id).resize(size) }

  /// Ends an execution by force; does nothing to one that is over.
  ///
  /// A running command's process group is killed, what is readable is drained, and the status is *force closed*. Of a
  /// draining one the held streams are released, and the outcome says so.
  ///
  /// - Parameter reason: why streams are given up for it that have not ended.
  public func forceClose(_ id: ExecutionID, because reason: StreamCut = .forced) throws(EngineError) {
    try execution(id).forceClose(because: reason)
  }

  /// Ends an execution with all that is left of its process group.
  ///
  /// A draining command has ended already, and what is left of its group holds its streams: closing alone would let that
  /// live on, so it is killed first.
  ///
  /// - Parameter reason: why streams are given up for it that have not ended.
  public func kill(_ id: ExecutionID, because reason: StreamCut = .forced) throws(EngineError) {
    if case .draining = try snapshot(id).state { try? signal(id, .kill) }
    try forceClose(id, because: reason)
  }

  /// Lets go of a command that goes on without us: its execution is over here, as *detached*.
  ///
  /// Only for a box with ``BoxCapabilities/outlives``; any other box's command would be left without an owner.
  public func detach(_ id: ExecutionID) throws(EngineError) {
    try execution(id).detach()
  }

  /// Forgets a finished execution; its journal stays, and so do its subscriptions.
  ///
  /// - Throws: ``EngineError/unknown(_:)``, or ``EngineError/running(_:)``.
  public func forget(_ id: ExecutionID) throws(EngineError) {
    guard try execution(id).snapshot.conclusion != nil else { throw .running(id) }
    executions.withLock { $0[id] = nil }
  }

  /// Forgets a finished execution and deletes its journal.
  public func remove(_ id: ExecutionID) throws(EngineError) {
    let execution = try execution(id)
    guard execution.snapshot.conclusion != nil else { throw .running(id) }
    // The end is published before everything is given back, and a journal that is still open would not be removed.
    execution.finish()
    do throws(JournalError) {
      try JournalCatalogue(directory: executionsDirectory).remove(id)
    } catch  where error.errno == .noSuchFileOrDirectory {
      // Somebody else removed it.
    } catch {
      throw .journal(error)
    }
    executions.withLock { $0[id] = nil }
  }
}
