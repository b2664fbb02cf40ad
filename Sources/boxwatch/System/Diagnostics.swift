import ExecModel
import Glibc

/// Lines for the person on standard error.
enum Diagnostics {
  /// Writes one line with the program's name before it.
  static func print(_ line: String) { write("boxwatch: \(line)\n") }

  /// Writes text as it is.
  static func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in _ = Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
  }
}

extension Diagnostics {
  /// Says that a command waits because its output cannot be recorded.
  static func stalled(_ stream: ExecStream, _ number: Int32) {
    let reason = String(cString: strerror(number))
    print("\(stream.name): cannot record output (\(reason)); the command waits, and goes on when there is room")
  }
}
