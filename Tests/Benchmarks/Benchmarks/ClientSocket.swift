import Glibc
import Synchronization

/// One blocking connection over loopback that reads ahead; used by one thread at a time.
final class ClientSocket: Sendable {
  private let descriptor: Int32
  private let input = Mutex(Input())

  private struct Input {
    var bytes = [UInt8](repeating: 0, count: 256 << 10)
    var start = 0
    var end = 0
  }

  init(port: UInt16) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    let result = withUnsafeBytes(of: &address) {
      connect(descriptor, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
    }
    guard result == 0 else { throw ServerClient.Failure("connect: errno \(errno)") }
    var one: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
  }

  deinit { close(descriptor) }

  /// One request and its answer's body.
  func request(_ line: String, _ body: String) throws -> [UInt8] {
    try send("\(line) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    let head = try head()
    guard head.hasPrefix("HTTP/1.1 20") else { throw ServerClient.Failure(head) }
    let field = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
    return try take(field.flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0)
  }

  /// Makes a WebSocket of the connection.
  func upgrade(_ path: String) throws {
    try send(
      """
      GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n
      """)
    let head = try head()
    guard head.hasPrefix("HTTP/1.1 101") else { throw ServerClient.Failure(head) }
  }

  /// The next frame's opcode and its payload's size; the payload is dropped.
  func frame() throws -> (opcode: UInt8, count: Int) {
    let head = try take(2)
    var length = Int(head[1] & 0x7F)
    if length > 125 { length = try take(length == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) } }
    try skip(length)
    return (head[0] & 0x0F, length)
  }

  private func send(_ text: String) throws {
    let bytes = Array(text.utf8)
    guard Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
      throw ServerClient.Failure("send: errno \(errno)")
    }
  }

  private func head() throws -> String {
    var head: [UInt8] = []
    while !(head.count >= 4 && head.suffix(4) == [13, 10, 13, 10]) { head += try take(1) }
    return String(decoding: head, as: UTF8.self)
  }

  private func take(_ count: Int) throws -> [UInt8] {
    var taken: [UInt8] = []
    while taken.count < count {
      let wanted = count - taken.count
      try fill()
      input.withLock { input in
        let end = min(input.end, input.start + wanted)
        taken += input.bytes[input.start..<end]
        input.start = end
      }
    }
    return taken
  }

  private func skip(_ count: Int) throws {
    var left = count
    while left > 0 {
      try fill()
      left -= input.withLock { input in
        let step = min(left, input.end - input.start)
        input.start += step
        return step
      }
    }
  }

  /// Reads more when nothing is left.
  private func fill() throws {
    let count = input.withLock { input in
      guard input.start == input.end else { return 1 }
      let count = recv(descriptor, &input.bytes, input.bytes.count, 0)
      (input.start, input.end) = (0, max(0, count))
      return count
    }
    guard count > 0 else { throw ServerClient.Failure("the server hung up") }
  }
}
