import Cells
import Glibc
import Logging

/// Lines for the person on standard error.
enum Diagnostics {
  /// Columns of a line at most: no sentence of ours is longer, but a library's may quote a whole file.
  private static let longest = 2000

  /// Writes one line with the program's name before it.
  static func print(_ line: String) { write("boxwatch: \(visible(line))\n") }

  /// The line as it may be shown: it may quote a file or another program, and what a terminal would obey is made visible.
  static func visible(_ line: String) -> String { SafeText.elided(line, to: longest) }

  /// Writes a text of several lines, such as a usage; each is made safe.
  static func printLines(_ text: String) { write(SafeText.lines(text) + "\n") }

  /// Writes over the line that the cursor is in, and stays in it.
  static func overwrite(_ line: String) { write("\r" + SafeText.line(line)) }

  /// Writes what is safe already.
  private static func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in _ = Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
  }
}

/// Log lines as diagnostics: what they quote may come from anywhere.
struct DiagnosticsLog: LogHandler {
  private let label: String
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.critical

  init(label: String) { self.label = label }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let facts = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
    let words = facts.map { "\($0.key)=\($0.value)" }
    Diagnostics.print((["\(event.level) \(label):", "\(event.message)"] + words).joined(separator: " "))
  }
}
