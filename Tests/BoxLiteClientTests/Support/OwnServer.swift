import BoxLiteServer
import BoxLiteWire
import ExecEngine
import HostBoxes
import TestSupport

@testable import BoxLiteClient

/// boxwatch's own server over local commands, with one box.
final class OwnServer: Sendable {
  let server: RESTServer
  let engine: Engine
  let port: Int
  private let folder = ScratchFolder()

  init(_ box: any Box = LocalBox(), key: String? = nil) throws {
    engine = Engine(stateDirectory: folder.path)
    var configuration = ServerConfiguration()
    configuration.key = key
    server = try RESTServer(engine, box: box, at: .network(host: "127.0.0.1", port: 0), configuration: configuration)
    guard case .network(_, let port) = server.address else { throw ClientError(.nonsense, "no port") }
    self.port = port
    _ = try client(key: key).createBox(CreateBoxBody(name: "web", image: "x"))
  }

  var endpoint: Endpoint { .network(host: "127.0.0.1", port: port, tls: false) }

  func client(key: String? = nil) -> RESTClient { RESTClient(endpoint, key: key) }

  func stop() { server.stop() }
}
