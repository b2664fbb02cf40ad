import ExecEngine
import ExecModel
import Glibc
import SystemPackage

/// A file of this host that a command in a container reads as its input.
final class InputFile {
  /// What one read brought.
  enum Chunk {
    case bytes([UInt8])
    case later
    case end
  }

  private var descriptor: Int32

  /// Takes over a descriptor of ``open(_:)``.
  init(descriptor: Int32) { self.descriptor = descriptor }

  /// Opens a file for reading; the descriptor is the caller's.
  ///
  /// - Throws: ``BoxError`` when it cannot be opened.
  static func open(_ path: String) throws(BoxError) -> Int32 {
    guard !path.utf8.contains(0) else { throw BoxError(.badName, "the input file's name holds a NUL byte: remove it") }
    // A FIFO without a writer must not stop the loop.
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let error = Errno(rawValue: errno)
      throw BoxError(.system(error.rawValue), "cannot read the input file '\(path)': \(error)")
    }
    return descriptor
  }

  deinit { close() }

  /// Reads the next 64 KiB.
  func read() -> Chunk {
    guard descriptor >= 0 else { return .end }
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    let count = Glibc.read(descriptor, &chunk, chunk.count)
    if count > 0 { return .bytes(Array(chunk[..<count])) }
    if count < 0, errno == EAGAIN || errno == EINTR { return .later }
    close()
    return .end
  }

  func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }
}
