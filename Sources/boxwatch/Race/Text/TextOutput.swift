import Cells
import Glibc
import JSON

/// Lines on standard output: out at once, and silent when nobody reads any more.
struct TextOutput {
  private let descriptor = OutputDescriptor(STDOUT_FILENO)

  /// Writes lines, each with a newline and with everything visible in it that a terminal would obey.
  ///
  /// - Throws: ``Failure`` when they cannot be written; a reader that went away is no failure.
  func write(_ lines: [String]) throws { try write(lines.map { SafeText($0) }) }

  /// Writes lines that are safe already, each with a newline.
  ///
  /// - Throws: ``Failure`` when they cannot be written; a reader that went away is no failure.
  func write(_ lines: [SafeText]) throws {
    try write(bytes: Array(lines.map { $0.text + "\n" }.joined().utf8))
  }

  /// Writes one line of JSON.
  ///
  /// - Throws: ``Failure`` when it cannot be written.
  func write(_ line: JSONLine) throws { try write(bytes: line.line) }

  private func write(bytes: [UInt8]) throws { _ = try bytes.withUnsafeBytes { try descriptor.write($0) } }
}
