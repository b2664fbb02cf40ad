public import ExecModel
import Glibc
import Synchronization
public import SystemPackage

/// The read side of one journal: live, finished or interrupted, from its own process or another.
///
/// It has descriptors of its own and no position, so any number of threads may read through one reader.
public final class JournalReader: Sendable {
  /// Whose journal it is.
  public let identity: JournalIdentity
  /// What was to be run.
  public let spec: ExecutionSpec
  /// The journal's folder.
  public let directory: FilePath
  let events: Descriptor
  private let folder: Descriptor
  private let streams = Mutex(OpenStreams())
  private let lastHeader: Mutex<JournalHeader>

  private struct OpenStreams: ~Copyable {
    var stdout = Descriptor(raw: -1)
    var stderr = Descriptor(raw: -1)
  }

  /// Opens a journal's folder and checks its header and spec.
  ///
  /// - Throws: ``JournalError`` for a missing file and for one that is no journal of this format.
  public init(opening directory: FilePath) throws(JournalError) {
    let path = directory.string
    do throws(Errno) {
      folder = try Descriptor.open(folder: directory)
      events = try Descriptor.open(JournalHeader.fileName, in: folder.raw, flags: O_RDONLY | O_NONBLOCK)
    } catch { throw JournalError(errno: error, path: path, attempt: "open the journal") }
    lastHeader = Mutex(try JournalOpening.header(of: events.raw, path + "/" + JournalHeader.fileName))
    let document = try JournalOpening.document(in: folder.raw, path + "/" + SpecDocument.fileName)
    (identity, spec, self.directory) = (document.identity, document.spec, directory)
  }

  /// The header's heads now; the last good ones when they cannot be read.
  func header() -> JournalHeader {
    let read = JournalOpening.heads(of: events.raw)
    return lastHeader.withLock { last in
      if let read { last = read }
      return last
    }
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
    do throws(Errno) {
      guard let file = try file(of: stream) else { return .bytes(0) }
      let count = try FileCalls.read(file, at: offset, into: buffer)
      // After the read: a head is written before its hole is punched, so zeros of a hole are never handed on.
      let head = heads()[stream]
      return head > offset ? .evicted(upTo: head) : .bytes(count)
    } catch {
      throw JournalError(errno: error, path: "\(directory.string)/\(stream.name)", attempt: "read")
    }
  }

  /// The stream's descriptor, opened at the first use and kept as long as the reader; nil while the stream has no bytes.
  func file(of stream: ExecStream) throws(Errno) -> Int32? {
    let folder = self.folder.raw
    return try streams.withLock { (open: inout OpenStreams) throws(Errno) -> Int32? in
      switch stream {
      case .stdout: try Self.open("stdout", in: folder, &open.stdout)
      case .stderr: try Self.open("stderr", in: folder, &open.stderr)
      }
    }
  }

  private static func open(_ name: String, in folder: Int32, _ file: inout Descriptor) throws(Errno) -> Int32? {
    guard file.raw < 0 else { return file.raw }
    do throws(Errno) {
      file = try Descriptor.open(name, in: folder, flags: O_RDONLY | O_NONBLOCK)
      return file.raw
    } catch {
      guard error == .noSuchFileOrDirectory else { throw error }
      return nil
    }
  }
}
