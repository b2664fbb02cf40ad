import ExecEngine
import ExecModel
import Glibc
import Linux
import Logging
import NIOCore
import SystemPackage

/// Writes a command's input to its connection, in order; on the connection's event loop.
final class ExecInput {
  private let stream: FrameStream
  private let loop: any EventLoop
  private let isTerminal: Bool
  private let file: InputFile?
  private var isClosed = false
  private var endsLine = true

  /// The default end-of-file character of a terminal's line discipline (termios(3), VEOF).
  private static let endOfFile: UInt8 = 4

  init(_ stream: FrameStream, on loop: any EventLoop, isTerminal: Bool, file: InputFile?) {
    self.stream = stream
    self.loop = loop
    self.isTerminal = isTerminal
    self.file = file
  }

  func write(_ bytes: [UInt8], completion: @escaping @Sendable (InputError?) -> Void) {
    guard !isClosed, let written = stream.write(ByteBuffer(bytes: bytes)) else { return completion(.closed) }
    if let last = bytes.last { endsLine = last == UInt8(ascii: "\n") }
    written.whenComplete { result in
      switch result {
      case .success: completion(nil)
      case .failure(let error): completion(error as? ChannelError == .ioOnClosedChannel ? .closed : .brokenPipe)
      }
    }
  }

  /// Closes after the queued input; on a terminal, types its end-of-file character, twice in the
  /// middle of a line.
  func close() {
    guard !isClosed, stream.isWritable else { return }
    if isTerminal {
      let count = endsLine ? 1 : 2
      endsLine = true
      _ = stream.write(ByteBuffer(repeating: Self.endOfFile, count: count))
    } else {
      isClosed = true
      // After the writes that still wait for room.
      stream.write(ByteBuffer())?.whenComplete { [stream] _ in stream.closeInput() }
    }
  }

  /// Sends the input file, as fast as the engine takes it.
  func feed() {
    guard let file, stream.isWritable else { return }
    switch file.read() {
    case .bytes(let bytes):
      if let last = bytes.last { endsLine = last == UInt8(ascii: "\n") }
      stream.write(ByteBuffer(bytes: bytes))?.whenSuccess { [self] in feed() }
    // A FIFO or a terminal without bytes. NIO waits for the descriptors of its channels only.
    case .later: loop.assumeIsolated().scheduleTask(in: .milliseconds(20)) { [self] in feed() }
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

  private let path: String
  /// Nil once it is closed.
  private var descriptor: SharedDescriptor?

  /// Reads a file from ``open(_:)``; the path is for messages.
  init(_ descriptor: SharedDescriptor, path: String) { (self.descriptor, self.path) = (descriptor, path) }

  /// Opens a command's input file; nil when its input is not a file.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when it cannot be opened.
  static func open(for spec: ExecutionSpec) throws(BoxError) -> (descriptor: SharedDescriptor, path: String)? {
    guard case .file(let path) = spec.input else { return nil }
    return (try open(path), path)
  }

  /// Opens a file for reading.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when it cannot be opened.
  private static func open(_ path: String) throws(BoxError) -> SharedDescriptor {
    guard !path.utf8.contains(0) else {
      throw BoxError(.badName, "the input file's name contains a NUL byte: remove it")
    }
    // A FIFO without a writer must not block the loop.
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let error = Errno(rawValue: errno)
      throw BoxError(.system(error.rawValue), "cannot read the input file '\(path)': \(error)")
    }
    return SharedDescriptor(raw: descriptor)
  }

  /// Reads the next 64 KiB.
  func read() -> Chunk {
    guard let descriptor else { return .end }
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    let count = withExtendedLifetime(descriptor) { Glibc.read(descriptor.raw, &chunk, chunk.count) }
    if count > 0 { return .bytes(Array(chunk[..<count])) }
    let error = Errno(rawValue: errno)
    if count < 0, error == .resourceTemporarilyUnavailable || error == .interrupted { return .later }
    if count < 0 {
      ExecSession.logger.warning("input file not read", metadata: ["path": "\(path)", "reason": "\(error)"])
    }
    close()
    return .end
  }

  func close() { descriptor = nil }
}
