import ExecEngine
import ExecModel
import Glibc
import Logging

/// Sends a file as a command's input, one piece at a time: the next is read when the previous one
/// was sent.
final class FileFeed: Sendable {
  private static let piece = 65_536
  private static let logger = Logger(label: "boxwatch.boxlite")

  private let descriptor: Int32
  private let process: BoxLiteProcess

  /// Opens a file.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when it cannot be read, or is not a regular file and could block.
  static func open(_ path: String) throws(BoxError) -> Int32 {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw BoxError(.box, "cannot read the input '\(path)': \(String(cString: strerror(errno)))")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw BoxError(.box, "the input '\(path)' is not a regular file, and only a regular file can be sent to a server")
    }
    return descriptor
  }

  /// Closes a descriptor that is not needed.
  static func drop(_ descriptor: Int32) { close(descriptor) }

  /// Takes ownership of the descriptor.
  init(_ descriptor: Int32, to process: BoxLiteProcess) { (self.descriptor, self.process) = (descriptor, process) }

  deinit { close(descriptor) }

  /// Sends the next piece, or the end of the input.
  func go() {
    let bytes = read()
    guard !bytes.isEmpty else { return process.closeInput() }
    process.write(bytes) { error in if error == nil { self.go() } }
  }

  /// The next piece; empty at the end, and after an error, which is logged.
  private func read() -> [UInt8] {
    var error: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: Self.piece) { buffer, count in
      var result: Int
      repeat { result = Glibc.read(descriptor, buffer.baseAddress, Self.piece) } while result < 0 && errno == EINTR
      if result < 0 { error = errno }
      count = max(0, result)
    }
    if error != 0 {
      Self.logger.warning("input file not read", metadata: ["reason": "\(String(cString: strerror(error)))"])
    }
    return bytes
  }
}
