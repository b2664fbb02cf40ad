import Cells
import ExecModel
import Glibc

/// Lines for the person on standard error.
enum Diagnostics {
  /// Columns of a line at most: no sentence of ours is longer, but a library's may quote a whole file.
  private static let longest = 2000

  /// Writes one line with the program's name before it.
  static func print(_ line: String) { write("boxwatch: \(visible(line))\n") }

  /// The line as it may be shown: it may quote a file or another program, and what a terminal would obey is made visible.
  static func visible(_ line: String) -> String {
    let columns = TextWidth.columns(of: line)
    var grid = Grid(height: 1, width: min(longest, columns))
    grid.write(line, row: 0, column: 0)
    return grid.plainText + (columns > longest ? "..." : "")
  }

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
