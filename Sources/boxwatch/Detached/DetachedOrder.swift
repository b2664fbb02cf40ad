import Boxes
import ExecModel
import FoundationEssentials

/// What a background boxwatch is to run; it comes through its standard input, so that no list of processes shows it.
struct DetachedOrder: Codable, Hashable, Sendable {
  /// One command.
  struct Request: Codable, Hashable, Sendable {
    var box: String
    var spec: ExecutionSpec
    var sandbox = SandboxOptions()
  }

  /// The configuration file that was named.
  var config: String?
  /// The key of `--api-key`.
  var key: String?
  /// The commands.
  var requests: [Request]

  init(config: String?, key: String? = nil, _ requests: [ExecutionRequest]) {
    (self.config, self.key) = (config, key)
    self.requests = requests.map { Request(box: $0.box, spec: $0.spec, sandbox: $0.sandbox) }
  }

  /// The requests as a run takes them.
  var executionRequests: [ExecutionRequest] {
    requests.map { ExecutionRequest(box: $0.box, spec: $0.spec, sandbox: $0.sandbox) }
  }

  /// The order as JSON.
  func encoded() throws -> [UInt8] { [UInt8](try JSONEncoder().encode(self)) }

  /// Reads what ``encoded()`` wrote.
  init(decoding bytes: [UInt8]) throws { self = try JSONDecoder().decode(DetachedOrder.self, from: Data(bytes)) }
}
