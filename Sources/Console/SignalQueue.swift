import CExecShims
package import ExecModel
import Glibc
import Linux

/// A pollable queue of signals: blocked in the main thread, which must be the one that creates it,
/// and read from a descriptor (signalfd(2)).
///
/// It takes every signal whose default action ends a process and that is not raised by a fault,
/// real-time signals included: a signal left out would end the program with a raw terminal and
/// orphaned commands. A signal delivered to another thread is forwarded. A signal ignored on entry
/// stays ignored. Children start with no signal blocked.
package struct SignalQueue {
  /// Readable when a signal is pending.
  package var descriptor: Int32 { file.raw }
  private let file: SharedDescriptor

  /// Blocks the signals and opens the descriptor.
  ///
  /// - Parameter others: signals to take besides those that end a process.
  /// - Throws: ``Failure`` when no descriptor is available.
  package init(and others: [Int32] = []) throws {
    let signals = Self.ending + others
    let raw = cexec_signals_open(signals, Int32(signals.count))
    guard raw >= 0 else { throw Failure("cannot watch for signals: \(Failure.words(errno))") }
    file = SharedDescriptor(raw: raw)
  }

  private static var ending: [Int32] {
    var numbers = [Int32](repeating: 0, count: 64)
    let count = cexec_ending_signals(&numbers)
    return Array(numbers.prefix(Int(count)))
  }

  /// The next pending signal; nil when there is none.
  ///
  /// Call it on the thread that made the queue.
  package func next() -> Signal? {
    var info = signalfd_siginfo()
    guard read(descriptor, &info, MemoryLayout.size(ofValue: info)) == MemoryLayout.size(ofValue: info) else {
      return nil
    }
    return Signal(number: Int32(bitPattern: info.ssi_signo))
  }
}

extension Signal {
  /// Whether it requests an orderly termination: HUP, INT, QUIT or TERM.
  package var asksToEnd: Bool { [SIGHUP, SIGINT, SIGQUIT, SIGTERM].contains(number) }
}
