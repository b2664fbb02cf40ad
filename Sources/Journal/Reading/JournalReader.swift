public import ExecModel
import Glibc
import Synchronization
public import SystemPackage

/// Where a journal stands, as its files tell.
public enum JournalState: Hashable, Sendable {
  /// Its writer lives, and the terminal event has not been written.
  case running
  /// The terminal event is there.
  case finished(Conclusion)
  /// Its writer is gone and wrote no terminal event.
  case interrupted
}

/// What a read of a stream found.
public enum ReadResult: Hashable, Sendable {
  /// That many bytes are in the buffer; 0 at the end of what is there now.
  case bytes(Int)
  /// The bytes at the offset were evicted; the first that are kept begin here.
  case evicted(upTo: UInt64)
}

/// A place in an execution's record: replay is reading early numbers, live is reading late ones.
///
/// One thread or task at a time reads through it.
public protocol EventCursor: AnyObject, Sendable {
  /// The journal, for reading the bytes that events tell of.
  var journal: JournalReader { get }

  /// What is there and not read yet, at most `limit` events; empty when there is nothing now.
  func poll(limit: Int) throws(JournalError) -> [RecordedEvent]

  /// Whether all has been read that there will ever be.
  var hasEnded: Bool { get }

  /// Asks for one call of `wake` when there is something to read; false when there is already, or the end was read.
  ///
  /// `wake` is called on another thread and must not block.
  func arm(_ wake: @escaping @Sendable () -> Void) -> Bool

  /// Ends the reading; nothing is kept for it any more.
  func cancel()
}

extension EventCursor {
  /// What is there and not read yet, as many events as one read takes.
  public func poll() throws(JournalError) -> [RecordedEvent] { try poll(limit: 512) }
}

/// The read side of one journal: live, finished or interrupted, from its own process or another.
///
/// It has descriptors of its own and no position, so any number of threads may read through one reader. A reader that
/// rests holds no descriptor and opens the journal again at its next use.
public final class JournalReader: Sendable {
  /// Whose journal it is.
  public let identity: JournalIdentity
  /// What was to be run.
  public let spec: ExecutionSpec
  /// The journal's folder.
  public let directory: FilePath
  private let handle: Mutex<JournalHandle?>
  private let lastHeader: Mutex<JournalHeader>
  /// Who closes it when too many are open; nil for one that stays open until it is told to rest.
  private let others: OpenJournals?
  /// The writer, when it is of this process: what its disk does not take is read from it.
  let writer: JournalWriter?

  /// Opens a journal's folder and checks its header and spec.
  ///
  /// It stays open, also when the folder is moved or removed, until ``rest()``.
  ///
  /// - Throws: ``JournalError`` for a missing file and for one that is no journal of this format.
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

  /// A reader of a journal whose spec is known already, opened at its first use.
  ///
  /// Of all readers that are made so only a bounded number stays open.
  public convenience init(of identity: JournalIdentity, _ spec: ExecutionSpec, at directory: FilePath) {
    self.init(of: identity, spec, at: directory, among: .shared)
  }

  /// A reader of a journal that this process writes, or has written, opened at its first use: it also reads what the disk
  /// did not take (``JournalWriter/giveUp()``), and a journal that was deleted as long as it is written.
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

  /// The open journal; it is opened again after a rest.
  func files() throws(JournalError) -> JournalHandle {
    if let handle = handle.withLock({ $0 }) { return handle }
    let (opened, header) = try reopen()
    let kept = handle.withLock { handle in
      // Another thread may have been faster.
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
      // A file that was deleted, or cannot be read any more, is still open at its writer.
      if let handle = writer.flatMap(JournalHandle.init(of:)) {
        return (handle, handle.withEvents(JournalOpening.heads) ?? JournalHeader())
      }
      guard error.errno == Errno(rawValue: EMFILE) || error.errno == Errno(rawValue: ENFILE) else { throw error }
      OpenJournals.shared.closeAll()
      return try Self.open(directory, writer)
    }
  }

  /// Gives the descriptors back when nobody reads through them; more than once does nothing.
  ///
  /// What is read later opens the journal again by its path, and fails when it was removed meanwhile.
  public func rest() {
    // Released outside the lock: who reads just now keeps it open.
    let closed = handle.withLock { handle in
      defer { handle = nil }
      return handle
    }
    withExtendedLifetime(closed) {}
  }

  /// The header's heads now; the last good ones when they cannot be read.
  func header() -> JournalHeader {
    let read = try? files().withEvents { JournalOpening.heads(of: $0) }
    let header = lastHeader.withLock { last in
      if let read { last = read }
      return last
    }
    return writer?.memory.events == nil ? header : memoryHeader(header)
  }

  /// First offset still kept, per stream.
  public func heads() -> StreamCounts { header().heads }

  /// Reads bytes of a stream from `offset` on, as many as fit and are in its file, published or not.
  ///
  /// A stream that never had a byte has no file, and reads as empty.
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
    // After the read: a head is written before its hole is punched, so zeros of a hole are never handed on.
    let head = heads()[stream]
    return head > offset ? .evicted(upTo: head) : .bytes(count)
  }

  /// Calls `body` with a stream's descriptor, nil while the stream has no bytes; what it throws gets the path.
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
  /// Reads as ``read(_:at:into:)`` does, but nothing that the disk would have to be waited for: nil then.
  ///
  /// For threads that have others waiting; fewer bytes than there are may come.
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
    // After the read, as there: a head is written before its hole is punched.
    let head = heads()[stream]
    return head > offset ? .evicted(upTo: head) : .bytes(count)
  }
}
