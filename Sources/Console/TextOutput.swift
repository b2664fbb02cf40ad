package import Cells
import Glibc
package import JSON
import Synchronization

/// One of our own output streams, written by one writer at a time; every write is complete.
package final class OutputDescriptor: Sendable {
  /// The result of a write.
  package enum Result: Sendable {
    /// Everything was written.
    case written
    /// The output has no reader (`EPIPE`).
    case closed
  }

  private let descriptor: Int32
  private let isClosed = Mutex(false)

  /// Writes to a descriptor, which stays open.
  package init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// Writes all bytes; blocks until they are written.
  ///
  /// - Throws: ``Failure`` for any error other than a closed pipe.
  package func write(_ bytes: UnsafeRawBufferPointer) throws -> Result {
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
  /// - Throws: ``Failure`` for any error other than a closed pipe.
  package func write(_ line: JSONLine) throws -> Result { try line.line.withUnsafeBytes { try write($0) } }

  /// Handles a failed write: waits when another process made the descriptor non-blocking, otherwise
  /// throws.
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

/// Lines on standard output, written at once; writes are ignored once there is no reader.
package struct TextOutput {
  private let descriptor = OutputDescriptor(STDOUT_FILENO)

  /// Writes to descriptor 1.
  package init() {}

  /// Writes lines, each with a newline and with terminal control characters made visible.
  ///
  /// - Throws: ``Failure`` when they cannot be written; a closed pipe is not a failure.
  package func write(_ lines: [String]) throws { try write(lines.map { SafeText($0) }) }

  /// Writes lines that are already safe, each with a newline.
  ///
  /// - Throws: ``Failure`` when they cannot be written; a closed pipe is not a failure.
  package func write(_ lines: [SafeText]) throws {
    try write(bytes: Array(lines.map { $0.text + "\n" }.joined().utf8))
  }

  /// Writes one line of JSON.
  ///
  /// - Throws: ``Failure`` when it cannot be written.
  package func write(_ line: JSONLine) throws { try write(bytes: line.line) }

  private func write(bytes: [UInt8]) throws { _ = try bytes.withUnsafeBytes { try descriptor.write($0) } }
}
