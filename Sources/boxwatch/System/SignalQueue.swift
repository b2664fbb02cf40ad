import CExecShims
import ExecModel
import Glibc

/// Signals as something to poll: blocked in the main thread, which must be the one that makes it, and read from a
/// descriptor (signalfd(2)).
///
/// It takes every signal whose default ends a process and that no fault raises, the real-time ones included: one that
/// was forgotten here would end the program with its terminal raw and its commands orphaned. One that reaches another
/// thread is passed on. What was ignored on entry stays ignored. Children start with no signal blocked.
struct SignalQueue {
  /// Readable when a signal waits.
  let descriptor: Int32

  /// Blocks the signals and opens the descriptor.
  ///
  /// - Parameter others: signals to take besides those that end a process.
  /// - Throws: ``Failure`` when the kernel has no descriptor left.
  init(and others: [Int32] = []) throws {
    let signals = Self.ending + others
    descriptor = cexec_signals_open(signals, Int32(signals.count))
    guard descriptor >= 0 else { throw Failure("cannot watch for signals: \(Failure.words(errno))") }
  }

  private static var ending: [Int32] {
    var numbers = [Int32](repeating: 0, count: 64)
    let count = cexec_ending_signals(&numbers)
    return Array(numbers.prefix(Int(count)))
  }

  /// The next signal that waits; nil when there is none.
  func next() -> Signal? {
    let number = cexec_signals_next(descriptor)
    return number == 0 ? nil : Signal(number: number)
  }
}

extension Signal {
  /// Whether people and supervisors send it to have a program end in order: HUP, INT, QUIT or TERM.
  var asksToEnd: Bool { [SIGHUP, SIGINT, SIGQUIT, SIGTERM].contains(number) }
}
