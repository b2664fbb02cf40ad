import ExecEngine
import Glibc
import Linux
import Synchronization

/// A pseudo terminal: a thread reads what is drawn, and notes when each frame was there.
final class FrameTerminal: Sendable {
  private let slave: Int32
  private let read = Semaphore()
  private let progress = Mutex(Progress())

  private struct Progress {
    var bytes = 0
    var lastFrame = 0
    var lastEnd: UInt64 = 0
  }

  /// Ends a synchronized update; the last bytes of each frame.
  private static let endMark = Array("\u{1B}[?2026l".utf8)

  /// Reads the master until its other end is closed.
  init(master: Int32, slave: Int32) {
    self.slave = slave
    _ = fcntl(master, F_SETFL, fcntl(master, F_GETFL) & ~O_NONBLOCK)
    DetachedThread.start(name: "terminal") { [self] in
      var buffer = [UInt8](repeating: 0, count: 64 << 10)
      while true {
        let count = Glibc.read(master, &buffer, buffer.count)
        guard count > 0 else { return }
        take(buffer[..<count])
      }
    }
  }

  private func take(_ bytes: ArraySlice<UInt8>) {
    let isEnd = bytes.suffix(Self.endMark.count).elementsEqual(Self.endMark)
    progress.withLock { progress in
      progress.bytes += bytes.count
      guard isEnd else { return }
      progress.lastEnd = Workbench.now
      progress.lastFrame = progress.bytes
      progress.bytes = 0
    }
    if isEnd { read.signal() }
  }

  /// When the frame that was sent last had been read; nil when none came for a second.
  func waitForFrame() -> UInt64? {
    read.wait(milliseconds: 1000) ? progress.withLock { $0.lastEnd } : nil
  }

  /// Writes as many bytes as the last frame had, and gives when they had been read.
  func writeBare() -> UInt64? {
    let size = progress.withLock { $0.lastFrame }
    let bytes = [UInt8](repeating: 0x61, count: max(0, size - Self.endMark.count)) + Self.endMark
    guard write(slave, bytes, bytes.count) == bytes.count else { return nil }
    return waitForFrame()
  }
}
