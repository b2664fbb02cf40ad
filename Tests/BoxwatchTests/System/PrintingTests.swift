import Console
import FoundationEssentials
import Headless
import Testing

/// Untrusted text reaches a terminal only through `SafeText`; the exceptions are listed here.
@Suite struct PrintingTests {
  private struct Exception: CustomStringConvertible {
    let file: String
    let code: String
    let reason: String
    var description: String { "\(file): \(code) (\(reason))" }
  }

  private static let exceptions = [
    Exception(file: "boxwatch/Program.swift", code: "print(text)", reason: "help and completion scripts are our words"),
    Exception(
      file: "boxwatch/Monitor/Monitor.swift", code: "print(Summary.text(", reason: "makes each foreign word safe"),
    Exception(
      file: "boxwatch/Monitor/StandardErrorCapture.swift", code: "write(STDERR_FILENO, kept",
      reason: "what Diagnostics wrote while the screen was up"),
    Exception(
      file: "Console/Diagnostics.swift", code: "Glibc.write(STDERR_FILENO", reason: "one of the two places"),
    Exception(
      file: "Console/TextOutput.swift", code: "OutputDescriptor(STDOUT_FILENO)",
      reason: "one of the two places"),
    Exception(
      file: "Headless/HeadlessWriter.swift", code: "OutputDescriptor(STD",
      reason: "a command's output passes through untouched"),
  ]

  /// Calls that could bring text to a terminal.
  private static let calls =
    #"(^|[^.\w])(print|debugPrint|dump|fputs|fputc|puts|printf|perror)\(|write\((STDOUT|STDERR)_FILENO|"#
    + #"write\([12],|OutputDescriptor\(STD|FileDescriptor\.standard(Output|Error)\b|FileHandle|StreamLogHandler"#

  /// A part of every such call: most lines have none, and need no regular expression.
  private static let parts = ["print", "dump(", "put", "perror", "write(", "OutputDescriptor(", "File", "StreamLog"]

  private struct Place: CustomStringConvertible {
    let file: String
    let code: String
    var description: String { "\(file): \(code)" }
  }

  private static func places() throws -> [Place] {
    let expression = try Regex(calls)
    let folder = String(#filePath.split(separator: "/Tests/")[0]) + "/Sources"
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".swift") }
    return try files.flatMap { file in
      try String(contentsOf: URL(filePath: "\(folder)/\(file)"), encoding: .utf8).split(separator: "\n")
        .filter { line in parts.contains { line.utf8.contains($0.utf8) } }
        .map { String($0.drop { $0 == " " }) }
        .filter { !$0.hasPrefix("//") && !$0.contains("func print(") && $0.contains(expression) }
        .map { Place(file: file, code: $0) }
    }
  }

  private static func fits(_ exception: Exception, _ place: Place) -> Bool {
    exception.file == place.file && place.code.contains(exception.code)
  }

  @Test func `nothing is written to a terminal but through the text that is safe`() throws {
    for place in try Self.places() {
      let isKnown = Self.exceptions.contains { Self.fits($0, place) }
      #expect(isKnown, "\(place): write it through Diagnostics or TextOutput")
    }
  }

  @Test func `every exception is still there`() throws {
    let places = try Self.places()
    for exception in Self.exceptions {
      #expect(places.contains { Self.fits(exception, $0) }, "take it off the list: \(exception)")
    }
  }
}
