import ExecModel
import FoundationEssentials

/// What `spec.json` holds: whose journal it is, and what was to be run.
struct SpecDocument: Codable, Hashable, Sendable {
  /// The file's name in the journal's folder.
  static let fileName = "spec.json"
  /// No honest spec is longer: Linux takes at most 6 MiB of arguments and environment (execve(2)), escaped sixfold.
  static let maximumLength: UInt64 = 64 << 20

  var identity: JournalIdentity
  var spec: ExecutionSpec

  /// The document as JSON, one line.
  func encoded() throws -> [UInt8] {
    var bytes = [UInt8](try JSONEncoder().encode(self))
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }

  /// Reads what ``encoded()`` wrote.
  init(decoding bytes: [UInt8]) throws { self = try JSONDecoder().decode(SpecDocument.self, from: Data(bytes)) }

  init(identity: JournalIdentity, spec: ExecutionSpec) {
    self.identity = identity
    self.spec = spec
  }
}
