import ExecEngine
import ExecModel
import Glibc
import Linux
import SystemPackage

/// Packets from conmon that wait for the sink, in order.
struct PacketBacklog: Sendable {
  /// The maximum backlog: beyond it watching is given up, instead of growing memory or blocking the
  /// command.
  static let most = 64 << 20

  private var packets: [(stream: ExecStream, bytes: ArraySlice<UInt8>)] = []
  private var begin = 0
  private var size = 0

  /// Adds a packet: a byte for the stream, and the bytes; false when the backlog would be too
  /// large.
  ///
  /// A packet of another kind contains no output.
  mutating func add(_ packet: ArraySlice<UInt8>, hasTerminal: Bool) -> Bool {
    guard let kind = packet.first, packet.count > 1 else { return true }
    let streams: [UInt8: ExecStream] = hasTerminal ? [2: .stdout, 3: .stdout] : [2: .stdout, 3: .stderr]
    guard let stream = streams[kind] else { return true }
    guard size + packet.count - 1 <= Self.most else { return false }
    size += packet.count - 1
    packets.append((stream, ArraySlice(Array(packet.dropFirst()))))
    return true
  }

  /// The next bytes to deliver.
  var first: (stream: ExecStream, bytes: ArraySlice<UInt8>)? { begin < packets.count ? packets[begin] : nil }

  /// Removes bytes from the front.
  mutating func drop(_ count: Int) {
    guard begin < packets.count else { return }
    size -= count
    packets[begin].bytes = packets[begin].bytes.dropFirst(count)
    guard packets[begin].bytes.isEmpty else { return }
    packets[begin].bytes = []
    begin += 1
    if begin == packets.count || begin > 1024 {
      packets.removeFirst(begin)
      begin = 0
    }
  }
}

/// The socket at which conmon, Podman's monitor of one process, delivers that process's output: to
/// any number of clients, from the moment they connect.
///
/// Each packet is a byte for the stream (2 standard output, 3 standard error) followed by the
/// bytes.
final class ConmonSocket: Sendable {
  /// The maximum size of a packet; conmon reads 8 KiB at a time.
  static let largestPacket = 64 << 10

  private let socket: Descriptor
  /// The folder in which conmon writes the exit code.
  private let folder: Descriptor
  private let container: String
  /// Reports the files that conmon completes; nil when the kernel has no watch left (inotify(7)).
  private let watch: FileWatch?

  /// Connects.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when the engine's files are not on this host, or are not accessible.
  convenience init(_ client: EngineClient, _ facts: EngineFacts, _ exec: OtherExec) throws(BoxError) {
    let place: String
    do throws(EngineAPIError) {
      place = try client.call(client.staticFolder(of: exec.inspection.container, facts))
    } catch {
      throw BoxError(.box, error.description)
    }
    try self.init(folder: place + "/" + exec.identifier, container: exec.inspection.container)
  }

  /// Connects to the socket `attach` in an exec's folder.
  init(folder path: String, container: String) throws(BoxError) {
    self.container = container
    do throws(Errno) { folder = try Descriptor.open(path, flags: O_RDONLY | O_DIRECTORY) } catch {
      throw Self.refusal(path, error.rawValue)
    }
    socket = Descriptor(raw: Glibc.socket(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0))
    // The path is longer than a socket's may be (unix(7)): it is reached through the folder's
    // descriptor.
    let error = socket.isOpen ? Self.connect(socket.raw, "/proc/self/fd/\(folder.raw)/attach") : errno
    watch = Self.watch("/proc/self/fd/\(folder.raw)/exit")
    guard error == 0 else { throw Self.refusal(path, error) }
  }

  private static func watch(_ folder: String) -> FileWatch? {
    guard let watch = try? FileWatch(), watch.add(folder, events: UInt32(IN_MOVED_TO | IN_CLOSE_WRITE)) != nil else {
      return nil
    }
    return watch
  }

  /// Ends the reading: ``receive(_:)`` returns 0.
  func shutDown() { shutdown(socket.raw, Int32(SHUT_RDWR)) }

  private static func connect(_ descriptor: Int32, _ path: String) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    return result == 0 ? 0 : errno
  }

  private static func refusal(_ path: String, _ error: Int32) -> BoxError {
    switch error {
    case EACCES, EPERM: BoxError(.box, "this user cannot use Podman's socket in '\(path)'")
    case ENOENT, ECONNREFUSED:
      BoxError(.box, "Podman has no socket in '\(path)': the command has ended, or the engine runs elsewhere")
    default: BoxError(.box, "Podman's socket in '\(path)' cannot be used: \(String(cString: strerror(error)))")
    }
  }

  /// Reads a packet into `buffer`; returns its size including the first byte, 0 at the end, below 0
  /// for an error.
  func receive(_ buffer: inout [UInt8]) -> Int {
    while true {
      let count = buffer.withUnsafeMutableBytes { recv(socket.raw, $0.baseAddress, $0.count, 0) }
      if count >= 0 || errno != EINTR { return count }
    }
  }

  /// Waits for conmon's exit code; nil after so many milliseconds.
  func exitCode(within milliseconds: Int32) -> Int32? {
    let due = MonotonicClock.now + UInt64(milliseconds) * 1_000_000
    while MonotonicClock.now < due {
      let left = Int32((due - min(due, MonotonicClock.now)) / 1_000_000) + 1
      if let watch {
        if DescriptorWait.any(readable: [watch.raw], within: left) { watch.read { _, _ in } }
      } else {
        // The file exists for 50 ms.
        _ = DescriptorWait.any(within: 5)
      }
      if let code = exitCode() { return code }
    }
    return nil
  }

  /// The exit code that conmon wrote; the file exists only briefly, then Podman removes it.
  func exitCode() -> Int32? {
    let file = openat(folder.raw, "exit/" + container, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = max(0, read(file, &bytes, bytes.count))
    return Int32(String(decoding: bytes.prefix(count).filter { $0 > 32 }, as: UTF8.self))
  }
}
