import ExecEngine
import ExecModel
import Glibc
import NIOCore
import SystemPackage

/// Writes a command's input to its connection, in order; on the connection's event loop.
final class ExecInput {
  private let channel: any Channel
  private let isTerminal: Bool
  private let file: InputFile?
  private var isClosed = false
  private var endsLine = true

  /// The default end-of-file character of a terminal's line discipline (termios(3), VEOF).
  private static let endOfFile: UInt8 = 4

  init(_ channel: any Channel, isTerminal: Bool, file: InputFile?) {
    self.channel = channel
    self.isTerminal = isTerminal
    self.file = file
  }

  func write(_ bytes: [UInt8], completion: @escaping @Sendable (InputError?) -> Void) {
    guard !isClosed, channel.isActive else { return completion(.closed) }
    if let last = bytes.last { endsLine = last == UInt8(ascii: "\n") }
    channel.writeAndFlush(ByteBuffer(bytes: bytes)).whenComplete { result in
      switch result {
      case .success: completion(nil)
      case .failure(let error): completion(error as? ChannelError == .ioOnClosedChannel ? .closed : .brokenPipe)
      }
    }
  }

  /// Closes after the queued input; on a terminal, types its end-of-file character, twice in the
  /// middle of a line.
  func close() {
    guard !isClosed, channel.isActive else { return }
    if isTerminal {
      let count = endsLine ? 1 : 2
      endsLine = true
      channel.writeAndFlush(ByteBuffer(repeating: Self.endOfFile, count: count), promise: nil)
    } else {
      isClosed = true
      // After the writes that still wait for room.
      channel.writeAndFlush(ByteBuffer()).assumeIsolated().whenComplete { [channel] _ in
        channel.close(mode: .output, promise: nil)
      }
    }
  }

  /// Sends the input file, as fast as the engine takes it.
  func feed() {
    guard let file, channel.isActive else { return }
    switch file.read() {
    case .bytes(let bytes):
      if let last = bytes.last { endsLine = last == UInt8(ascii: "\n") }
      channel.writeAndFlush(ByteBuffer(bytes: bytes)).assumeIsolated().whenSuccess { [self] in feed() }
    case .later: channel.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(20)) { [self] in feed() }
    case .end: close()
    }
  }

  func release() {
    isClosed = true
    file?.close()
  }
}

/// A file of this host that is the input of a command in a container.
final class InputFile {
  /// The result of one read.
  enum Chunk {
    case bytes([UInt8])
    case later
    case end
  }

  private var descriptor: Int32

  /// Takes ownership of a descriptor from ``open(_:)``.
  init(descriptor: Int32) { self.descriptor = descriptor }

  /// Opens a file for reading; the caller owns the descriptor.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when it cannot be opened.
  static func open(_ path: String) throws(BoxError) -> Int32 {
    guard !path.utf8.contains(0) else {
      throw BoxError(.badName, "the input file's name contains a NUL byte: remove it")
    }
    // A FIFO without a writer must not block the loop.
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
