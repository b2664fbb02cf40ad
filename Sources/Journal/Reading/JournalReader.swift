public import ExecModel
import Glibc
import Linux
import Synchronization
public import SystemPackage

/// The state of a journal, according to its files.
public enum JournalState: Hashable, Sendable {
  /// Its writer is alive, and there is no terminal event.
  case running
  /// The terminal event was written.
  case finished(Conclusion)
  /// Its writer is dead and wrote no terminal event.
  case interrupted
}

/// The result of reading a stream.
public enum ReadResult: Hashable, Sendable {
  /// The number of bytes in the buffer; 0 at the current end.
  case bytes(Int)
  /// The bytes at the offset were evicted; the first kept byte is at this offset.
  case evicted(upTo: UInt64)
}

/// A position in an execution's record; replay reads early records, live reading reads late ones.
///
/// One thread or task at a time reads through it.
public protocol EventCursor: AnyObject, Sendable {
  /// The journal, for reading the bytes that events refer to.
  var journal: JournalReader { get }

  /// Returns events that were not read yet, at most `limit`; empty when there are none now.
  func poll(limit: Int) throws(JournalError) -> [RecordedEvent]

  /// Whether all events were read and no more can follow.
  var hasEnded: Bool { get }

  /// Requests one call of `wake` when there is something to read; returns false when there is already, or the end was
  /// read.
  ///
  /// `wake` is called on another thread and must not block.
  func arm(_ wake: @escaping @Sendable () -> Void) -> Bool

  /// Ends the reading and releases what is kept for it.
  func cancel()
}

extension EventCursor {
  /// Returns events that were not read yet, as many as one read takes.
  public func poll() throws(JournalError) -> [RecordedEvent] { try poll(limit: 512) }
}

/// The read side of one journal: running, finished or interrupted, of this process or another.
///
/// It has its own descriptors and no position, so any number of threads may read through one reader. A resting reader
/// holds no descriptor and opens the journal again at its next use.
public final class JournalReader: Sendable {
  /// The identity of the journal's execution.
  public let identity: JournalIdentity
  /// The spec of the journal's execution.
  public let spec: ExecutionSpec
  /// The journal's folder.
  public let directory: FilePath
  private let handle: Mutex<JournalHandle?>
  private let lastHeader: Mutex<JournalHeader>
  /// Closes this reader when too many are open; nil for one that stays open until ``rest()``.
  private let others: OpenJournals?
  /// The writer, if it is in this process; the part of the record in memory is read from it.
  let writer: JournalWriter?

  /// Opens a journal's folder and checks its header and spec.
  ///
  /// It stays open until ``rest()``, also when the folder is moved or removed.
  ///
  /// - Throws: ``JournalError`` for a missing file and for one that is not a journal of this format.
  public init(opening directory: FilePath) throws(JournalError) {
    let path = directory.string
    let (opened, header) = try Self.open(directory, nil)
    lastHeader = Mutex(header)
    let document = try opened.withFolder { (folder) throws(JournalError) in
      try JournalOpening.document(in: folder, path + "/" + SpecDocument.fileName)
    }
    (identity, spec, self.directory) = (document.identity, document.spec, directory)
    handle = Mutex(opened)
    (others, writer) = (nil, nil)
  }

  /// A reader of a journal whose spec is already known, opened at its first use.
  ///
  /// Of all readers made this way only a bounded number stays open.
  public convenience init(of identity: JournalIdentity, _ spec: ExecutionSpec, at directory: FilePath) {
    self.init(of: identity, spec, at: directory, among: .shared)
  }

  /// A reader of a journal that this process writes or has written, opened at its first use.
  ///
  /// It also reads the part in memory (``JournalWriter/giveUp()``), and a deleted journal while it is being written.
  public convenience init(of writer: JournalWriter) {
    let document = writer.document
    self.init(of: document.identity, document.spec, at: writer.directory, among: .shared, writer)
  }

  init(
    of identity: JournalIdentity, _ spec: ExecutionSpec, at directory: FilePath, among others: OpenJournals,
    _ writer: JournalWriter? = nil
  ) {
    (self.identity, self.spec, self.directory, self.others) = (identity, spec, directory, others)
    self.writer = writer
    handle = Mutex(nil)
    lastHeader = Mutex(JournalHeader())
  }

  private static func open(
    _ directory: FilePath, _ writer: JournalWriter?
  ) throws(JournalError) -> (JournalHandle, JournalHeader) {
    let path = directory.string
    let handle: JournalHandle
    do throws(Errno) {
      handle = try JournalHandle(directory, writer)
    } catch { throw JournalError(errno: error, path: path, attempt: "open the journal") }
    let header = try handle.withEvents { (events) throws(JournalError) in
      try JournalOpening.header(of: events, path + "/" + JournalHeader.fileName)
    }
    return (handle, header)
  }

  /// The open journal; opened again after a rest.
  func files() throws(JournalError) -> JournalHandle {
    if let handle = handle.withLock({ $0 }) { return handle }
    let (opened, header) = try reopen()
    let kept = handle.withLock { handle in
      // Another thread may have opened it meanwhile.
      if let handle { return handle }
      handle = opened
      return opened
    }
    if kept === opened {
      lastHeader.withLock { $0 = header }
      others?.opened(self)
    }
    return kept
  }

  private func reopen() throws(JournalError) -> (JournalHandle, JournalHeader) {
    do throws(JournalError) {
      return try Self.open(directory, writer)
    } catch {
      // The writer still has a file open that was deleted or cannot be opened any more.
      if let handle = writer.flatMap(JournalHandle.init(of:)) {
        return (handle, handle.withEvents(JournalOpening.heads) ?? JournalHeader())
      }
      guard error.errno == Errno(rawValue: EMFILE) || error.errno == Errno(rawValue: ENFILE) else { throw error }
      OpenJournals.shared.closeAll()
      return try Self.open(directory, writer)
    }
  }

  /// Closes the descriptors once no thread reads through them; calling it again does nothing.
  ///
  /// A later read opens the journal again by its path, and fails when it was removed meanwhile.
  public func rest() {
    // Released outside the lock: a read in progress keeps it open.
    let closed = handle.withLock { handle in
      defer { handle = nil }
      return handle
    }
    withExtendedLifetime(closed) {}
  }

  /// The header's current heads; the last valid ones when they cannot be read.
  func header() -> JournalHeader {
    let read = try? files().withEvents { JournalOpening.heads(of: $0) }
    let header = lastHeader.withLock { last in
      if let read { last = read }
      return last
    }
    return writer?.memory.events == nil ? header : memoryHeader(header)
  }

  /// First kept offset of each stream.
  public func heads() -> PerStream<UInt64> { header().heads }

  /// Reads bytes of a stream from `offset` on, as many as fit and are in its file, published or not.
  ///
  /// A stream without bytes has no file, and reads as empty.
  ///
  /// - Throws: ``JournalError`` when the file cannot be opened or read.
  public func read(
    _ stream: ExecStream, at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(JournalError) -> ReadResult {
    if let memory = writer?.memory[stream] { return readMemory(memory, stream, at: offset, into: buffer) }
    let count = try withFile(of: stream) { (file) throws(Errno) in
      guard let file else { return 0 }
      return try FileCalls.read(file, at: offset, into: buffer)
    }
    // After the read: a head is written before its hole is punched, so zeros of a hole are never returned.
    let head = heads()[stream]
    return head > offset ? .evicted(upTo: head) : .bytes(count)
  }

  /// Calls `body` with a stream's descriptor, nil while the stream has no bytes; adds the path to its errors.
  func withFile<Result>(
    of stream: ExecStream, _ body: (Int32?) throws(Errno) -> Result
  ) throws(JournalError) -> Result {
    let handle = try files()
    do throws(Errno) {
      return try handle.withFile(of: stream, body)
    } catch {
      throw JournalError(errno: error, path: "\(directory.string)/\(stream.name)", attempt: "read")
    }
  }
}

extension JournalReader {
  /// Reads as ``read(_:at:into:)`` does, but returns nil where it would have to wait for the disk.
  ///
  /// For threads that must not block; it may return fewer bytes than there are.
  ///
  /// - Throws: ``JournalError`` when the file cannot be opened or read.
  public func readCached(
    _ stream: ExecStream, at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(JournalError) -> ReadResult? {
    if let memory = writer?.memory[stream] { return readMemory(memory, stream, at: offset, into: buffer) }
    let count = try withFile(of: stream) { (file) throws(Errno) -> Int? in
      guard let file else { return 0 }
      return try FileCalls.readCached(file, at: offset, into: buffer)
    }
    guard let count else { return nil }
    // After the read, as in `read`: a head is written before its hole is punched.
    let head = heads()[stream]
    return head > offset ? .evicted(upTo: head) : .bytes(count)
  }
}
