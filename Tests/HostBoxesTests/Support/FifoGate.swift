import Glibc

/// A FIFO that a command waits at, as `read x <PATH`, until the test opens it.
final class FifoGate: Sendable {
  let path: String
  private let descriptor: Int32

  /// Takes over a descriptor that is open for reading and writing.
  init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Waits here in this process.
  func pass() {
    var byte: UInt8 = 0
    while read(descriptor, &byte, 1) < 0, errno == EINTR {}
  }

  /// Lets one reader pass.
  func open() { _ = write(descriptor, "\n", 1) }
}

extension Scratch {
  /// Makes a gate.
  func gate(_ name: String) throws -> FifoGate {
    let full = path + "/" + name
    guard mkfifo(full, 0o600) == 0 else { throw ScratchError(number: errno) }
    let descriptor = open(full, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw ScratchError(number: errno) }
    return FifoGate(path: full, descriptor: descriptor)
  }
}
