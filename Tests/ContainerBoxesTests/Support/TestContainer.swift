import NIOCore
import NIOHTTP1

@testable import ContainerBoxes

/// A container of one test's own.
final class TestContainer: Sendable {
  let client: EngineClient
  let identifier: String

  init(_ client: EngineClient, identifier: String) {
    self.client = client
    self.identifier = identifier
  }

  deinit { _ = try? client.call(client.send(request(.DELETE, "?force=1"))) }

  private func request(_ method: HTTPMethod, _ rest: String) -> EngineRequest {
    var request = EngineRequest.get("/containers/\(identifier)\(rest)")
    request.method = method
    request.limit = .seconds(60)
    return request
  }

  func start() throws { try client.call(client.startContainer(identifier)) }

  func post(_ action: String) throws { _ = try client.call(client.send(request(.POST, "/" + action))) }

  func remove() throws { _ = try client.call(client.send(request(.DELETE, "?force=1"))) }

  /// Waits for its main process's end.
  func waitForEnd() throws { _ = try client.call(client.send(request(.POST, "/wait"))) }
}
