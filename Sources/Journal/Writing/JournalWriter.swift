public import ExecModel
import Glibc
import Synchronization
public import SystemPackage

/// The append side of one execution's journal.
///
/// Bytes go to the stream's file first (``store(_:_:)``), and what ``publish(_:at:)`` then records is their range: a
/// reader never hears of a byte that is not there. One thread at a time may store into a stream; publishing is serialised
/// by the execution's lock.
public final class JournalWriter: Sendable {
  /// The journal's folder.
  public let directory: FilePath
  private let stdout: Mutex<StreamFile>
  private let stderr: Mutex<StreamFile>
  private let events: Mutex<EventsFile>
  /// Whether the events file has room for the record of a chunk, so that a full disk is met before the chunk is taken.
  private let hasRoom = Atomic<Bool>(true)
  /// Whose journal it is, and what was to be run.
  let document: SpecDocument
  /// Where the record goes on when the disk is given up.
  let memory = MemoryRecord()

  private let count: JournalCount?
  private let holding = Mutex(Holding())

  private struct Holding {
    /// Shared by all who hold the journal, so that they take one descriptor together.
    weak var hold: JournalHold?
    var isClosed = false
  }

  /// Makes the folder (0700, its parents too) with the events and the spec, and locks the events until ``close()``.
  ///
  /// A stream's file is made by its first chunk.
  ///
  /// - Parameter count: the count of the folder's journals; nil for a journal that is not to be pruned.
  /// - Throws: ``JournalError``; what was made until then is removed again.
  public convenience init(
    creating directory: FilePath, identity: JournalIdentity, spec: ExecutionSpec,
    countedBy count: JournalCount? = nil
  ) throws(JournalError) {
    try self.init(
      creating: directory, SpecDocument(identity: identity, spec: spec), recordAllowance: EventsFile.recordAllowance,
      countedBy: count)
  }

  /// Makes a journal whose records may take `recordAllowance` bytes before they are evicted.
  init(
    creating directory: FilePath, _ document: SpecDocument, recordAllowance: UInt64,
    countedBy count: JournalCount? = nil
  ) throws(JournalError) {
    let spec = document.spec
    events = Mutex(try JournalFiles.create(directory, document, recordAllowance: recordAllowance))
    self.directory = directory
    self.document = document
    self.count = count
    count?.noteMade()
    let path = directory.string
    stdout = Mutex(Self.file(.stdout, of: spec, in: path))
    stderr = Mutex(Self.file(.stderr, of: spec, in: path))
  }

  private static func file(_ stream: ExecStream, of spec: ExecutionSpec, in directory: String) -> StreamFile {
    StreamFile(spec.streams.contains(stream) ? directory + "/" + stream.name : nil, keep: spec.keep)
  }

  /// Appends a chunk to a stream's file, without telling anyone.
  ///
  /// The result says how much was taken: less than all with `ENOSPC`, `EDQUOT`, `EFBIG` or `EIO`, nothing with `EBADF`
  /// for a stream the execution has not, and after ``close()``.
  public func store(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> StoreResult {
    if !hasRoom.load(ordering: .relaxed), let error = makeRoom() {
      return StoreResult(taken: 0, newlines: 0, error: error)
    }
    return bytes.withUnsafeBytes { buffer in
      let result = withFile(stream) { $0.append(buffer) }
      guard result.error == Errno.noSpace else { return result }
      return storeAgain(stream, buffer, after: result)
    }
  }

  /// Gives back what the other stream had reserved, and tries the rest once more.
  private func storeAgain(
    _ stream: ExecStream, _ buffer: UnsafeRawBufferPointer, after first: StoreResult
  ) -> StoreResult {
    withFile(stream == .stdout ? .stderr : .stdout) { $0.trim() }
    let rest = UnsafeRawBufferPointer(rebasing: buffer[first.taken...])
    var result = withFile(stream) { $0.append(rest) }
    result.taken += first.taken
    result.newlines += first.newlines
    return result
  }

  private func makeRoom() -> Errno? {
    let error = events.withLock { $0.makeRoom() }
    hasRoom.store(error == nil, ordering: .relaxed)
    return error
  }

  /// Appends one event at `time` (nanoseconds since the execution was created); its number is how many there were before.
  ///
  /// Returns why nothing was written, `ENOSPC` for example; events of the end find room that was reserved for them.
  public func publish(_ event: ExecutionEvent, at time: UInt64) -> Errno? {
    let (error, room) = events.withLock { ($0.append(event, at: time), $0.hasRoom) }
    hasRoom.store(room, ordering: .relaxed)
    return error
  }

  /// Gives the disk up: all that comes from now on is kept in memory, with the same offsets and numbers.
  ///
  /// It is for the readers of this process (``JournalReader/init(of:)``); the oldest is evicted past ``memoryLimit``.
  /// Returns how much of each stream is recorded on the disk, nothing when the journal was deleted; publish ``/ExecModel/ExecutionEvent/recordLost(_:)`` next, which
  /// is noted on the disk when that takes a note.
  public func giveUp() -> StreamCounts {
    defer { hasRoom.store(true, ordering: .relaxed) }
    return events.withLock { events in
      let isDeleted = events.isDeleted
      let recorded = events.leaveDisk(for: memory)
      return isDeleted ? StreamCounts() : recorded
    }
  }

  /// Bytes of output that are kept in memory now, after ``giveUp()``: fewer, when many records of this process are there.
  public var memoryLimit: UInt64 { memory.limit }

  /// Whether the journal was deleted while it was written: what is written to it since then is lost with its last user.
  public var isDeleted: Bool { events.withLock { $0.isDeleted } }

  /// Chooses what to evict, when ``exceeds(_:)`` says so; nil when nothing has to or may go.
  ///
  /// Called under the execution's lock after a publication; publish the plan's events there, then ``evict(_:)`` outside.
  /// Bytes of records from `retainingFrom` on stay, and so does the newest chunk. The stream that keeps most gives.
  public func planEviction(limit: UInt64, retainingFrom sequence: UInt64?) -> EvictionPlan? {
    events.withLock { $0.planEviction(limit: limit, retainingFrom: sequence) }
  }

  /// Gives the disk room of a plan back, by punching holes; offsets stay what they were.
  public func evict(_ plan: EvictionPlan) { evict(upTo: plan.heads, record: plan.firstRecord) }

  private func evict(upTo heads: StreamCounts, record: UInt64) {
    for stream in ExecStream.allCases {
      withFile(stream) { $0.punch(upTo: heads[stream]) }
    }
    events.withLock { $0.punch(upTo: record) }
  }

  /// Bytes of published output that are still kept.
  public var retained: UInt64 { events.withLock { $0.retained } }

  /// Whether more than `limit` bytes of output are kept, or the records of small chunks take more room than they may.
  public func exceeds(_ limit: UInt64) -> Bool { events.withLock { $0.exceeds(limit) } }

  /// Gives all descriptors and the lock back, and unused reserved room; more than once does nothing.
  public func close() {
    let header = events.withLock { $0.header }
    // What was planned and not yet carried out could not be later: the descriptors are gone then.
    evict(upTo: header.heads, record: header.firstRecord)
    for stream in ExecStream.allCases {
      withFile(stream) { $0.close() }
    }
    // Before the events are unlocked: a pruner would find the journal unused in between.
    holding.withLock { holding in
      holding.isClosed = true
      if holding.hold?.take(directory) == false { holding.hold = nil }
    }
    let (wasOpen, bytes) = events.withLock { events in
      defer { events.close() }
      return (events.file.raw >= 0, events.retained)
    }
    // After the lock was given back: it can be pruned now.
    if wasOpen { count?.noteEnded(bytes: bytes) }
  }

  /// Leaves of a record in memory, after ``close()``, only the newest few KiB, and gives the files' descriptors back, through
  /// which a deleted journal is read; does nothing to one that is on the disk.
  public func shrink() {
    guard let (heads, record) = events.withLock({ $0.shrink() }) else { return }
    evict(upTo: heads, record: record)
    for stream in ExecStream.allCases {
      withFile(stream) { $0.leaveFile() }
    }
    events.withLock { $0.file.close() }
  }

  /// Keeps the journal from being pruned after ``close()``; nil when that is over and the journal cannot be held any more.
  public func hold() -> JournalHold? {
    holding.withLock { holding in
      let hold = holding.hold ?? (holding.isClosed ? JournalHold(directory) : JournalHold())
      holding.hold = hold
      return hold
    }
  }

  /// What is noted of the end of a record that went on in memory; nil for one that is on the disk.
  var memoryNotes: JournalNotes? { memory.isUsed ? events.withLock { $0.notes } : nil }

  /// A descriptor of the events of its own, for a reader; −1 when there is none.
  func duplicateEvents() -> Int32 { events.withLock { $0.file.raw < 0 ? -1 : fcntl($0.file.raw, F_DUPFD_CLOEXEC, 0) } }

  /// A descriptor of a stream's file of its own, for a reader; −1 when there is no file.
  func duplicate(_ stream: ExecStream) throws(Errno) -> Int32 { try withFile(stream) { $0.duplicate() }.get() }

  private func withFile<Result>(
    _ stream: ExecStream, _ body: (inout StreamFile) -> sending Result
  ) -> sending Result {
    switch stream {
    case .stdout:
      stdout.withLock { file in
        followDisk(&file, stream)
        return body(&file)
      }
    case .stderr:
      stderr.withLock { file in
        followDisk(&file, stream)
        return body(&file)
      }
    }
  }

  /// Before any use: what is evicted once the disk is given up is in memory, and nothing of the file may be punched.
  private func followDisk(_ file: inout StreamFile, _ stream: ExecStream) {
    if memory.isUsed { file.leaveDisk(stream, for: memory) }
  }
}
