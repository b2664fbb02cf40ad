import ExecModel
import Glibc

/// An environment for commands: this process's own as it was, byte for byte, and variables set on top.
struct EnvironmentBlock: Sendable {
  /// `NAME=VALUE` strings.
  private(set) var strings = CStringList()

  /// An empty environment.
  init() {}

  /// A snapshot of this process's environment.
  static func inherited() -> EnvironmentBlock {
    var block = EnvironmentBlock()
    var next: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = environ
    while let entry = next, let string = entry.pointee {
      block.strings.append(UnsafePointer(string))
      next = entry + 1
    }
    return block
  }

  /// The environment with variables set, in order; a later one wins.
  func setting(_ variables: [EnvironmentVariable]) -> EnvironmentBlock {
    guard !variables.isEmpty else { return self }
    var values: [String: String] = [:]
    for variable in variables { values[variable.name] = variable.value }
    var block = EnvironmentBlock()
    for index in 0..<strings.count where values[Self.name(of: strings[index])] == nil {
      block.strings.append(strings[index])
    }
    for variable in variables {
      guard let value = values.removeValue(forKey: variable.name) else { continue }
      block.strings.append(variable.name + "=" + value)
    }
    return block
  }

  /// The environment without variables of these names.
  func removing(_ names: Set<String>) -> EnvironmentBlock {
    var block = EnvironmentBlock()
    for index in 0..<strings.count where !names.contains(Self.name(of: strings[index])) {
      block.strings.append(strings[index])
    }
    return block
  }

  /// A variable's value; nil when it is not set.
  subscript(name: String) -> String? {
    let start = (name + "=").utf8.map { CChar(bitPattern: $0) }
    for index in 0..<strings.count where strings[index].starts(with: start) {
      let value = strings[index].dropFirst(start.count)
      return String(decoding: value.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    return nil
  }

  private static func name(of string: ArraySlice<CChar>) -> String {
    String(decoding: string.prefix { $0 != CChar(UInt8(ascii: "=")) }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
