import Glibc

extension Scratch {
  /// Makes a FIFO and opens it for reading; the descriptor is the caller's.
  func fifo(_ name: String) throws -> Int32 {
    let full = path + "/" + name
    guard mkfifo(full, 0o600) == 0 else { throw ScratchError(number: errno) }
    let descriptor = open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0, fcntl(descriptor, F_SETFL, 0) == 0 else { throw ScratchError(number: errno) }
    return descriptor
  }

  /// Waits until the last writer is gone, and closes; there must have been one.
  static func waitForEnd(_ descriptor: Int32) -> [UInt8] {
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    var result: [UInt8] = []
    while true {
      let count = read(descriptor, &bytes, bytes.count)
      guard count > 0 else { return result }
      result += bytes[..<count]
    }
  }
}
