import ExecModel
import Glibc
import JSON
import Synchronization

/// One of our own output streams: written whole, by one writer at a time.
final class OutputDescriptor: Sendable {
  /// What became of a write.
  enum Result: Sendable {
    /// Everything is out.
    case written
    /// Nobody reads any more (`EPIPE`).
    case closed
  }

  private let descriptor: Int32
  private let isClosed = Mutex(false)

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// Writes all bytes, waiting as long as it takes.
  ///
  /// - Throws: ``Failure`` for anything but a closed pipe.
  func write(_ bytes: UnsafeRawBufferPointer) throws -> Result {
    try isClosed.withLock { isClosed in
      if isClosed { return .closed }
      var rest = bytes
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count >= 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        } else if errno == EPIPE {
          isClosed = true
          return .closed
        } else {
          try wait()
        }
      }
      return .written
    }
  }

  /// Writes one line of JSON.
  ///
  /// - Throws: ``Failure`` for anything but a closed pipe.
  func write(_ line: JSONLine) throws -> Result { try line.line.withUnsafeBytes { try write($0) } }

  /// After a failed write: waits when the descriptor was made non-blocking by somebody else, or gives up.
  private func wait() throws {
    let error = errno
    if error == EINTR { return }
    guard error == EAGAIN else {
      let name = descriptor == STDOUT_FILENO ? "standard output" : "standard error"
      throw Failure("cannot write to \(name): \(String(cString: strerror(error)))", outputError: error)
    }
    var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    poll(&entry, 1, -1)
  }
}
