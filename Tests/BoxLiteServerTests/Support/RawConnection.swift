import BoxLiteServer
import Glibc

/// A client that says exactly what a test wants, byte by byte, and waits by readiness.
final class RawConnection {
  let descriptor: Int32
  private(set) var buffer: [UInt8] = []
  /// Whether the other side hung up.
  private(set) var isOver = false
  /// The private socket's token, which every request shows.
  private let token: String?

  init(to address: ListenAddress, token: String? = nil) throws {
    self.token = token
    switch address {
    case .unix(let path): descriptor = try Self.connect(unix: path)
    case .network(_, let port): descriptor = try Self.connect(port: UInt16(port))
    }
  }

  deinit { close(descriptor) }

  private struct Refused: Error { let number: Int32 }

  private static func address(unix path: String) -> sockaddr_un {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { space in
      for (index, byte) in path.utf8.prefix(107).enumerated() { space[index] = byte }
    }
    return address
  }

  /// Binds a socket to a path, as bind(2) answers.
  static func bind(_ descriptor: Int32, to path: String) -> Int32 {
    withUnsafeBytes(of: address(unix: path)) { bytes in
      Glibc.bind(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
    }
  }

  private static func connect(unix path: String) throws -> Int32 {
    var address = address(unix: path)
    return try connect(AF_UNIX, &address)
  }

  private static func connect(port: UInt16) throws -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    return try connect(AF_INET, &address)
  }

  private static func connect<Address>(_ family: Int32, _ address: inout Address) throws -> Int32 {
    let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    let result = withUnsafeBytes(of: &address) { bytes in
      Glibc.connect(
        descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
    }
    guard result == 0 else {
      let number = errno
      close(descriptor)
      throw Refused(number: number)
    }
    return descriptor
  }

  /// Hangs up with a reset, as a crash would.
  func reset() {
    var value = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
    shutdown(descriptor, Int32(SHUT_RDWR))
  }

  /// Lets sending take as much as there is room for, and no more.
  func makeNonblocking() { _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) }

  /// Waits until something can be sent; false when there is no room in time.
  func waitForRoom(milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&entry, 1, milliseconds) == 1
  }

  /// Says that nothing more comes.
  func finish() { shutdown(descriptor, Int32(SHUT_WR)) }
}

// MARK: - Sending

extension RawConnection {
  /// Sends bytes, as far as the server takes them; false when it hung up.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  /// Sends a text.
  @discardableResult
  func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// Sends one request.
  func request(_ method: String, _ path: String, body: String? = nil, headers: [String] = []) {
    let length = body.map { ["Content-Length: \($0.utf8.count)"] } ?? []
    let key = token.map { ["Authorization: Bearer \($0)"] } ?? []
    let lines = ["\(method) \(path) HTTP/1.1", "Host: localhost"] + key + length + headers + ["", body ?? ""]
    send(lines.joined(separator: "\r\n"))
  }

  /// Asks for an upgrade.
  func upgrade(_ path: String, headers: [String] = []) {
    request(
      "GET", path,
      headers: [
        "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      ] + headers)
  }

  /// Sends one frame, masked with zeros unless it must not be.
  @discardableResult
  func frame(_ first: UInt8, _ payload: [UInt8] = [], isMasked: Bool = true) -> Bool {
    send(Self.frame(first, payload, isMasked: isMasked))
  }

  static func frame(_ first: UInt8, _ payload: [UInt8] = [], isMasked: Bool = true) -> [UInt8] {
    let mark: UInt8 = isMasked ? 0x80 : 0
    var bytes = [first]
    switch payload.count {
    case 0..<126: bytes.append(mark | UInt8(payload.count))
    case 126..<65_536: bytes += [mark | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
    default:
      bytes.append(mark | 127)
      bytes += (0..<8).reversed().map { UInt8((payload.count >> ($0 * 8)) & 255) }
    }
    return bytes + (isMasked ? [0, 0, 0, 0] : []) + payload
  }
}

// MARK: - Receiving

extension RawConnection {
  /// Reads what comes next; false at the end, or when nothing came in time.
  @discardableResult
  func fill(milliseconds: Int32 = 30_000) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard !isOver, poll(&entry, 1, milliseconds) == 1 else { return false }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else {
      isOver = true
      return false
    }
    buffer += bytes.prefix(count)
    return true
  }

  /// Reads until the server hangs up; false when it does not.
  func readToEnd() -> Bool {
    while fill() {}
    return isOver
  }

  /// The next answer's status and body; nil when the server hung up without one.
  func answer(bodyless: Bool = false) -> (status: Int, body: String)? {
    var end: Int?
    while end == nil {
      end = buffer.firstIndex(where: [13, 10, 13, 10])
      if end == nil, !fill() { return nil }
    }
    guard let end else { return nil }
    let head = String(decoding: buffer[..<end], as: UTF8.self)
    buffer.removeFirst(end + 4)
    let length = bodyless ? 0 : Self.length(head)
    while buffer.count < length, fill() {}
    let body = String(decoding: buffer.prefix(length), as: UTF8.self)
    buffer.removeFirst(min(length, buffer.count))
    return (head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0, body)
  }

  private static func length(_ head: String) -> Int {
    for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
      return Int(line.dropFirst(15).drop { $0 == " " }) ?? 0
    }
    return 0
  }

  /// The next frame of the server; nil when it hung up.
  func nextFrame() -> (opcode: UInt8, payload: [UInt8])? {
    guard let head = take(2) else { return nil }
    var length = Int(head[1] & 0x7F)
    if length > 125 {
      guard let more = take(length == 126 ? 2 : 8) else { return nil }
      length = more.reduce(0) { $0 << 8 | Int($1) }
    }
    return take(length).map { (head[0] & 0x0F, $0) }
  }

  private func take(_ count: Int) -> [UInt8]? {
    while buffer.count < count { if !fill() { return nil } }
    defer { buffer.removeFirst(count) }
    return Array(buffer.prefix(count))
  }

  /// Everything that comes up to Close or the end, pings answered.
  func session() -> (stdout: [UInt8], stderr: [UInt8], texts: [String], close: Int?) {
    var streams: [[UInt8]] = [[], [], []]
    var texts: [String] = []
    while let (opcode, payload) = nextFrame() {
      switch opcode {
      case 1: texts.append(String(decoding: payload, as: UTF8.self))
      case 2: streams[Int(payload.first ?? 0) % 3] += payload.dropFirst()
      case 8: return (streams[1], streams[2], texts, payload.prefix(2).reduce(0) { $0 << 8 | Int($1) })
      case 9: frame(0x8A, payload)
      default: break
      }
    }
    return (streams[1], streams[2], texts, nil)
  }
}

extension [UInt8] {
  /// Where a part begins for the first time.
  func firstIndex(where part: [UInt8]) -> Int? {
    guard count >= part.count else { return nil }
    return (0...(count - part.count)).first { Array(self[$0..<($0 + part.count)]) == part }
  }
}
