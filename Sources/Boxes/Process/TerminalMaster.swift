import CExecShims
import ExecModel
import Glibc
import Synchronization

/// A copy of a terminal's master for resizing, so that the reader may close its own at any time.
final class TerminalMaster: Sendable {
  private let descriptor: Mutex<Int32>

  /// Takes over a descriptor.
  init(descriptor: Int32) { self.descriptor = Mutex(descriptor) }

  /// Tells the terminal its size; its foreground process group gets SIGWINCH when that is a change.
  func resize(_ size: TerminalSize) {
    descriptor.withLock { descriptor in
      guard descriptor >= 0 else { return }
      _ = cexec_resize_terminal(descriptor, size.rows, size.columns)
    }
  }

  /// Closes; later sizes go nowhere.
  func release() {
    descriptor.withLock { descriptor in
      if descriptor >= 0 { close(descriptor) }
      descriptor = -1
    }
  }
}
