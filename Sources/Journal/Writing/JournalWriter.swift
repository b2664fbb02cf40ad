public import ExecModel
import Glibc
import Linux
import Synchronization
public import SystemPackage

/// The append side of one execution's journal.
///
/// Bytes are written to the stream's file first (``store(_:_:)``), then ``publish(_:at:)`` records their range, so a
/// reader never sees a range without its bytes. One thread at a time may store into a stream; the execution's lock
/// serialises publishing.
public final class JournalWriter: Sendable {
  /// The journal's folder.
  public let directory: FilePath
  private let stdout: Mutex<StreamFile>
  private let stderr: Mutex<StreamFile>
  private let events: Mutex<EventsFile>
  /// Whether the events file has space for the record of a chunk, so that a full disk is detected before the chunk is
  /// taken.
  private let hasRoom = Atomic<Bool>(true)
  /// The identity and the spec.
  let document: SpecDocument
  /// Where the record continues after the disk is given up.
  let memory = MemoryRecord()

  private let count: JournalCount?
  private let holding = Mutex(Holding())

  private struct Holding {
    /// Shared by all holders of the journal, so that they take one descriptor together.
    weak var hold: JournalHold?
    var isClosed = false
  }

  /// Creates the folder (0700, with its parents), the events and the spec, and locks the events until ``close()``.
  ///
  /// A stream's file is created by its first chunk.
  ///
  /// - Parameters:
  ///   - directory: the folder of the journal, which must not exist.
  ///   - identity: the identity of the execution.
  ///   - spec: the command and how it is run.
  ///   - count: the count of the folder's journals; nil for a journal that is not to be pruned.
  /// - Throws: ``JournalError``; what was created until then is removed again.
  public convenience init(
    creating directory: FilePath, identity: JournalIdentity, spec: ExecutionSpec,
    countedBy count: JournalCount? = nil
  ) throws(JournalError) {
    try self.init(
      creating: directory, SpecDocument(identity: identity, spec: spec), recordAllowance: EventsFile.recordAllowance,
      countedBy: count)
  }

  /// Creates a journal whose records may take `recordAllowance` bytes before they are evicted.
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

  /// Appends a chunk to a stream's file without publishing it.
  ///
  /// The result holds how much was taken: less than all with `ENOSPC`, `EDQUOT`, `EFBIG` or `EIO`, nothing with `EBADF`
  /// for a stream that the execution does not have, and after ``close()``.
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

  /// Releases the space reserved for the other stream, and retries the rest once.
  private func storeAgain(
    _ stream: ExecStream, _ buffer: UnsafeRawBufferPointer, after first: StoreResult
  ) -> StoreResult {
    withFile(stream == .stdout ? .stderr : .stdout) { $0.trim() }
    let rest = UnsafeRawBufferPointer(rebasing: buffer[first.taken...])
    var result = withFile(stream) { $0.append(rest) }
    if result.taken == 0 { result.endsLine = first.endsLine }
    result.taken += first.taken
    result.newlines += first.newlines
    return result
  }

  private func makeRoom() -> Errno? {
    let error = events.withLock { $0.makeRoom() }
    hasRoom.store(error == nil, ordering: .relaxed)
    return error
  }

  /// Appends one event at `time` (nanoseconds since the execution was created); its number is the count of earlier
  /// events.
  ///
  /// Returns why nothing was written, for example `ENOSPC`; space is reserved for the events of the end.
  public func publish(_ event: ExecutionEvent, at time: UInt64) -> Errno? {
    let (error, room) = events.withLock { ($0.append(event, at: time), $0.hasRoom) }
    hasRoom.store(room, ordering: .relaxed)
    return error
  }

  /// Gives the disk up: later output and records are kept in memory, with the same offsets and numbers.
  ///
  /// Only readers of this process can read them (``JournalReader/init(of:)``); the oldest are evicted beyond
  /// ``memoryLimit``. Returns how much of each stream is recorded on the disk, zero where its file was deleted.
  /// Publish ``/ExecModel/ExecutionEvent/recordLost(_:)`` next; it is noted on the disk if the disk accepts a note.
  public func giveUp() -> PerStream<UInt64> {
    defer { hasRoom.store(true, ordering: .relaxed) }
    let deleted = deletedStreams
    return events.withLock { events in
      let isDeleted = events.isDeleted
      var recorded = events.leaveDisk(for: memory)
      for stream in deleted { recorded[stream] = 0 }
      return isDeleted ? PerStream<UInt64>() : recorded
    }
  }

  /// Bytes of output kept in memory after ``giveUp()``; fewer when this process has many such records.
  public var memoryLimit: UInt64 { memory.limit }

  /// Whether the journal, or the file of a stream, was deleted while being written: what is in a deleted file is lost
  /// when its last descriptor is closed.
  public var isDeleted: Bool { events.withLock { $0.isDeleted } || !deletedStreams.isEmpty }

  private var deletedStreams: [ExecStream] { ExecStream.allCases.filter { withFile($0) { $0.isDeleted } } }

  /// Chooses what to evict when ``exceeds(_:)`` is true; nil when nothing must or may be evicted.
  ///
  /// Called under the execution's lock after a publication; publish the plan's events there, then call ``evict(_:)``
  /// outside. Bytes of records from `retainingFrom` on stay, and so does the newest chunk. The stream that keeps most
  /// is evicted.
  public func planEviction(limit: UInt64, retainingFrom sequence: UInt64?) -> EvictionPlan? {
    events.withLock { $0.planEviction(limit: limit, retainingFrom: sequence) }
  }

  /// Releases the disk space of a plan by punching holes; offsets do not change.
  public func evict(_ plan: EvictionPlan) { evict(upTo: plan.heads, record: plan.firstRecord) }

  private func evict(upTo heads: PerStream<UInt64>, record: UInt64) {
    for stream in ExecStream.allCases {
      withFile(stream) { $0.punch(upTo: heads[stream]) }
    }
    events.withLock { $0.punch(upTo: record) }
  }

  /// Bytes of published output that are still kept.
  public var retained: UInt64 { events.withLock { $0.retained } }

  /// Whether more than `limit` bytes of output are kept, or the records of small chunks exceed their allowance.
  public func exceeds(_ limit: UInt64) -> Bool { events.withLock { $0.exceeds(limit) } }

  /// Closes all descriptors and releases the lock and unused reserved space; calling it again does nothing.
  public func close() {
    let header = events.withLock { $0.header }
    // Planned evictions must be carried out before the descriptors are closed.
    evict(upTo: header.heads, record: header.firstRecord)
    for stream in ExecStream.allCases {
      withFile(stream) { $0.close() }
    }
    // Before the events are unlocked: a pruner would find the journal unused in between.
    let wasClosed = holding.withLock { holding in
      defer { holding.isClosed = true }
      if holding.hold?.take(directory) == false { holding.hold = nil }
      return holding.isClosed
    }
    let bytes = events.withLock { events in
      defer { events.close() }
      return events.retained
    }
    // After the lock is released, so that the journal can be pruned at once.
    if !wasClosed { count?.noteEnded(bytes: bytes) }
  }

  /// After ``close()``, reduces a record in memory to its newest few KiB.
  ///
  /// It also closes the files' descriptors, through which a deleted journal is read. It does nothing to a record on the
  /// disk.
  public func shrink() {
    guard let (heads, record) = events.withLock({ $0.shrink() }) else { return }
    evict(upTo: heads, record: record)
    for stream in ExecStream.allCases {
      withFile(stream) { $0.leaveFile() }
    }
    events.withLock { $0.file.close() }
  }

  /// Protects the journal from pruning after ``close()``; nil when it is closed already and cannot be held any more.
  public func hold() -> JournalHold? {
    holding.withLock { holding in
      let hold = holding.hold ?? (holding.isClosed ? JournalHold(directory) : JournalHold())
      holding.hold = hold
      return hold
    }
  }

  /// The notes about the end of a record that continued in memory; nil for one on the disk.
  var memoryNotes: JournalNotes? { memory.isUsed ? events.withLock { $0.notes } : nil }

  /// A duplicate of the events' descriptor, for a reader; −1 when there is none.
  func duplicateEvents() -> Int32 { events.withLock { $0.file.raw < 0 ? -1 : fcntl($0.file.raw, F_DUPFD_CLOEXEC, 0) } }

  /// A duplicate of a stream's descriptor, for a reader; −1 when there is no file.
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

  /// Before any use: after the disk is given up, evictions concern memory, and the file must not be punched.
  private func followDisk(_ file: inout StreamFile, _ stream: ExecStream) {
    if memory.isUsed { file.leaveDisk(stream, for: memory) }
  }
}
