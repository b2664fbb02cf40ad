import CExecShims
import Glibc
package import SystemPackage

/// Calls on pipes and pseudo terminals, as they are made in a turn of a pump: by number, without allocation.
package enum PipeCalls {
  /// The number of bytes that can be read now (`FIONREAD`, ioctl(2)); 0 when it cannot be determined.
  package static func readableBytes(_ descriptor: Int32) -> UInt64 {
    var count: Int32 = 0
    return ioctl(descriptor, UInt(FIONREAD), &count) < 0 ? 0 : UInt64(clamping: count)
  }

  /// The capacity in bytes (`F_GETPIPE_SZ`, fcntl(2)); nil for a terminal.
  package static func capacity(_ descriptor: Int32) -> UInt64? {
    let size = cexec_pipe_size(descriptor)
    return size < 0 ? nil : UInt64(size)
  }

  /// Requests a capacity; beyond the user's quota nothing changes (`F_SETPIPE_SZ`, pipe(7)).
  package static func requestCapacity(_ descriptor: Int32, _ bytes: Int32) {
    _ = cexec_set_pipe_size(descriptor, bytes)
  }

  /// Whether all writers have closed, so that the end of the stream follows what can be read.
  package static func isHungUp(_ descriptor: Int32) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&request, 1, 0) > 0 && request.revents & Int16(POLLHUP) != 0
  }

  /// Sets a terminal's size; its foreground process group gets SIGWINCH when the size changes (`TIOCSWINSZ`).
  package static func resize(_ terminal: Int32, rows: UInt16, columns: UInt16) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(terminal, UInt(TIOCSWINSZ), &size)
  }

  /// The character that ends a terminal's input (`VEOF`, termios(3)); 4 when it cannot be read.
  package static func endOfFileCharacter(_ terminal: Int32) -> UInt8 {
    var settings = termios()
    guard tcgetattr(terminal, &settings) == 0 else { return 4 }
    return withUnsafeBytes(of: settings.c_cc) { $0[Int(VEOF)] }
  }
}

/// The master of a new pseudo terminal (pty(7)).
package struct PseudoTerminal: ~Copyable, Sendable {
  /// Non-blocking, and above the standard streams; it may be moved out.
  package var master: Descriptor
  /// The path of the slave.
  package let slave: String

  /// Opens a terminal of this size.
  package init(rows: UInt16, columns: UInt16) throws(Errno) {
    var raw: Int32 = -1
    var name = [CChar](repeating: 0, count: 64)
    let error = cexec_open_terminal(rows, columns, &raw, &name, UInt32(name.count))
    guard error == 0 else { throw Errno(rawValue: error) }
    master = Descriptor(raw: raw)
    slave = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

extension Descriptor {
  /// Opens a file for a command's input, above the standard streams, without waiting for a FIFO's writer.
  ///
  /// - Throws: `EISDIR` for a folder.
  package static func openInput(_ path: String) throws(Errno) -> Descriptor {
    var file = try open(path, flags: O_RDONLY | O_NOCTTY | O_NONBLOCK)
    if file.raw <= STDERR_FILENO { file = try file.duplicate() }
    var status = stat()
    guard fstat(file.raw, &status) == 0 else { throw Errno(rawValue: errno) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw .isDirectory }
    try file.setNonBlocking(false)
    return file
  }
}
