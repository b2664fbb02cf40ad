import ExecModel
import Glibc
import Synchronization
import SystemPackage

/// The open descriptors of one journal, for reading; given back when the last one who reads through them lets go.
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
  /// - Parameter writer: who has the streams' files open, when it is of this process.
  init(_ directory: FilePath, _ writer: JournalWriter? = nil) throws(Errno) {
    self.writer = writer
    folder = try Descriptor.open(folder: directory)
    events = try Descriptor.open(JournalHeader.fileName, in: folder.raw, flags: O_RDONLY | O_NONBLOCK)
  }

  /// Takes what the writer has open; nil when it has closed it.
  init?(of writer: JournalWriter) {
    self.writer = writer
    folder = Descriptor(raw: -1)
    events = Descriptor(raw: writer.duplicateEvents())
    if events.raw < 0 { return nil }
  }

  /// Calls `body` with the descriptor of the events, which stays open as long.
  func withEvents<Result, Failure: Error>(_ body: (Int32) throws(Failure) -> Result) throws(Failure) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(events.raw)
  }

  /// Calls `body` with the descriptor of the folder, which stays open as long.
  func withFolder<Result, Failure: Error>(_ body: (Int32) throws(Failure) -> Result) throws(Failure) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(folder.raw)
  }

  /// Calls `body` with a stream's descriptor, opened at the first use; with nil while the stream has no bytes.
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
      // A file that was deleted has no name any more.
      file = Descriptor(raw: try writer?.duplicate(stream) ?? -1)
    }
    return file.raw < 0 ? nil : file.raw
  }
}
