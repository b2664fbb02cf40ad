import ArgumentParser
import ExecModel
import Glibc
import SystemPackage
import TestSupport
import Widgets

@testable import boxwatch

extension FuzzTarget {
  /// What people write: the configuration, files of commands, themes, and the values of options.
  ///
  /// The first byte chooses the reader.
  static let configuration = FuzzTarget(name: "configuration") { bytes in
    guard let first = bytes.first else { return }
    try? readings[Int(first) % readings.count](String(decoding: bytes.dropFirst(), as: UTF8.self))
  }

  private static let readings: [@Sendable (String) throws -> Void] = [
    { _ = try Configuration(text: $0, path: "config.yaml") },
    { try executions($0) },
    { _ = try Theme(yaml: $0, file: "theme.yaml") },
    { _ = try Duration(boxwatchText: $0).nanoseconds },
    { text in _ = try JournalLimit(text: text) },
    { _ = try DrainPolicy(text: $0).text },
    { _ = try EnvironmentVariable(text: $0) },
    { _ = Signal(text: $0) },
  ]

  private static func executions(_ text: String) throws {
    let folder = ScratchFolder()
    let path = folder.path.appending("commands.yaml")
    let file = try FileDescriptor.open(
      path, .writeOnly, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
    try file.closeAfter { _ = try file.writeAll(text.utf8) }
    _ = try ExecutionsFile(path: path.string).requests(defaults: try RunOptions.parse([]), Configuration())
  }
}
