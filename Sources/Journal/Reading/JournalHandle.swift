import ExecModel
import Glibc
import Linux
import Synchronization
import SystemPackage

/// The open descriptors of one journal, for reading; closed when the last reader releases the handle.
final class JournalHandle: Sendable {
  private let folder: Descriptor
  private let events: Descriptor
  private let streams = Mutex(OpenStreams())
  private let writer: JournalWriter?

  private struct OpenStreams: ~Copyable {
    var stdout = Descriptor(raw: -1)
    var stderr = Descriptor(raw: -1)
  }

  /// Opens the folder and its events.
  ///
  /// - Parameter writer: the writer that has the streams' files open, if it is in this process.
  init(_ directory: FilePath, _ writer: JournalWriter? = nil) throws(Errno) {
    self.writer = writer
    folder = try Descriptor.open(folder: directory)
    events = try Descriptor.open(JournalHeader.fileName, in: folder.raw, flags: O_RDONLY | O_NONBLOCK)
  }

  /// Duplicates the writer's descriptor of the events; nil when the writer has closed it.
  init?(of writer: JournalWriter) {
    self.writer = writer
    folder = Descriptor(raw: -1)
    events = Descriptor(raw: writer.duplicateEvents())
    if events.raw < 0 { return nil }
  }

  /// Calls `body` with the descriptor of the events, which stays open during the call.
  func withEvents<Result, Failure: Error>(_ body: (Int32) throws(Failure) -> Result) throws(Failure) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(events.raw)
  }

  /// Calls `body` with the descriptor of the folder, which stays open during the call.
  func withFolder<Result, Failure: Error>(_ body: (Int32) throws(Failure) -> Result) throws(Failure) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(folder.raw)
  }

  /// Calls `body` with a stream's descriptor, opened at the first use, or with nil while the stream has no bytes.
  func withFile<Result>(
    of stream: ExecStream, _ body: (Int32?) throws(Errno) -> Result
  ) throws(Errno) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(try file(of: stream))
  }

  private func file(of stream: ExecStream) throws(Errno) -> Int32? {
    try streams.withLock { (open: inout OpenStreams) throws(Errno) -> Int32? in
      switch stream {
      case .stdout: try self.open(stream, &open.stdout)
      case .stderr: try self.open(stream, &open.stderr)
      }
    }
  }

  private func open(_ stream: ExecStream, _ file: inout Descriptor) throws(Errno) -> Int32? {
    guard file.raw < 0 else { return file.raw }
    do throws(Errno) {
      guard folder.raw >= 0 else { throw .noSuchFileOrDirectory }
      file = try Descriptor.open(stream.name, in: folder.raw, flags: O_RDONLY | O_NONBLOCK)
    } catch {
      guard error == .noSuchFileOrDirectory else { throw error }
      // A deleted file has no name any more.
      file = Descriptor(raw: try writer?.duplicate(stream) ?? -1)
    }
    return file.raw < 0 ? nil : file.raw
  }
}
