import CExecShims
import ExecModel
import Glibc

/// Signals as something to poll: blocked for the whole process and read from a descriptor (signalfd(2)).
///
/// It blocks them for the thread that makes it, which must be the main one; every other thread of ours
/// (`EngineThread`) starts with all signals blocked. So no signal ends the process between two polls. Children start with
/// no signal blocked.
struct SignalQueue {
  /// Readable when a signal waits.
  let descriptor: Int32

  /// Blocks the signals and opens the descriptor.
  ///
  /// - Throws: ``Failure`` when the kernel has no descriptor left.
  init(_ signals: [Int32]) throws {
    descriptor = cexec_signals_open(signals, Int32(signals.count))
    guard descriptor >= 0 else { throw Failure("cannot watch for signals: \(String(cString: strerror(errno)))") }
  }

  /// The next signal that waits; nil when there is none.
  func next() -> Signal? {
    let number = cexec_signals_next(descriptor)
    return number == 0 ? nil : Signal(number: number)
  }
}
