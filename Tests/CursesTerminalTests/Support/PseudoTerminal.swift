import Glibc

/// A pty whose master is the test: it types and reads what was drawn.
final class PseudoTerminal {
  /// The test's side.
  let master: Int32
  /// The terminal's side, which a screen opens.
  let slave: Int32
  /// Its name in /dev.
  let path: String

  struct Unavailable: Error {}

  init(rows: UInt16 = 24, columns: UInt16 = 80) throws {
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var number: UInt32 = 0
    var lock: Int32 = 0
    // TIOCGPTN and TIOCSPTLCK (ioctl_tty(2)), macros that Swift does not import; posix_openpt(3) is hidden from it too.
    guard master >= 0, ioctl(master, 0x8004_5430, &number) == 0, ioctl(master, 0x4004_5431, &lock) == 0 else {
      throw Unavailable()
    }
    path = "/dev/pts/\(number)"
    slave = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard slave >= 0 else { throw Unavailable() }
    resize(rows: rows, columns: columns)
  }

  deinit {
    close(slave)
    close(master)
  }

  func resize(rows: UInt16, columns: UInt16) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  /// The modes that stty(1) would print.
  var modes: [UInt32] {
    var modes = termios()
    tcgetattr(slave, &modes)
    return [modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag]
  }

  func type(_ text: String) {
    var text = text
    text.withUTF8 { _ = write(master, $0.baseAddress, $0.count) }
  }

  /// Waits until the screen's side has something to read; false after two seconds.
  func waitForInput() -> Bool { Self.wait(slave, milliseconds: 2000) }

  /// Reads what was drawn until a mark comes; without one, all until nothing comes for two seconds.
  func read(until mark: String) -> String {
    var bytes: [UInt8] = []
    let end = Array(mark.utf8)
    while !Self.contains(bytes, end), Self.wait(master, milliseconds: 2000) {
      guard take(&bytes) else { break }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Reads what is there already.
  func readAvailable() -> String {
    var bytes: [UInt8] = []
    while Self.wait(master, milliseconds: 50), take(&bytes) {}
    return String(decoding: bytes, as: UTF8.self)
  }

  private func take(_ bytes: inout [UInt8]) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = Glibc.read(master, &buffer, buffer.count)
    if count > 0 { bytes += buffer[..<count] }
    return count > 0
  }

  private static func contains(_ bytes: [UInt8], _ mark: [UInt8]) -> Bool {
    guard bytes.count >= mark.count else { return false }
    return (0...bytes.count - mark.count).reversed().contains { bytes[$0..<$0 + mark.count].elementsEqual(mark) }
  }

  private static func wait(_ descriptor: Int32, milliseconds: Int32) -> Bool {
    var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&item, 1, milliseconds) == 1
  }
}
