import Cells
import Glibc
package import Logging

/// Messages for the user on standard error.
package enum Diagnostics {
  /// The maximum width of a line: our sentences are shorter, but a library's message may quote a
  /// whole file.
  private static let longest = 2000

  /// Writes one line with the program's name as a prefix.
  package static func print(_ line: String) { write("boxwatch: \(visible(line))\n") }

  /// The line with terminal control characters made visible: it may quote a file or another
  /// program.
  static func visible(_ line: String) -> String { SafeText.elided(line, to: longest) }

  /// Writes a text of several lines, such as a usage message; each line is made safe.
  package static func printLines(_ text: String) { write(SafeText.lines(text) + "\n") }

  /// Overwrites the cursor's line, without a newline.
  static func overwrite(_ line: String) { write("\r" + SafeText.line(line)) }

  /// Writes text that is already safe.
  private static func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in _ = Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
  }
}

/// Writes log lines as diagnostics; they may quote untrusted text.
package struct DiagnosticsLog: LogHandler {
  private let label: String
  /// What is added to every line.
  package var metadata: Logger.Metadata = [:]
  /// The lowest level that is printed.
  package var logLevel = Logger.Level.critical

  /// Prints the lines of one part of the program, which `label` names.
  package init(label: String) { self.label = label }

  /// One of ``metadata``.
  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Prints one line.
  package func log(event: LogEvent) {
    let facts = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
    let words = facts.map { "\($0.key)=\($0.value)" }
    Diagnostics.print((["\(event.level) \(label):", "\(event.message)"] + words).joined(separator: " "))
  }
}
