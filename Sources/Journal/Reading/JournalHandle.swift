import ExecModel
import Glibc
import Synchronization
import SystemPackage

/// The open descriptors of one journal, for reading; given back when the last one who reads through them lets go.
final class JournalHandle: Sendable {
  private let folder: Descriptor
  private let events: Descriptor
  private let streams = Mutex(OpenStreams())

  private struct OpenStreams: ~Copyable {
    var stdout = Descriptor(raw: -1)
    var stderr = Descriptor(raw: -1)
  }

  /// Opens the folder and its events.
  init(_ directory: FilePath) throws(Errno) {
    folder = try Descriptor.open(folder: directory)
    events = try Descriptor.open(JournalHeader.fileName, in: folder.raw, flags: O_RDONLY | O_NONBLOCK)
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
