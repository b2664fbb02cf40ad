public import ExecEngine
import ExecModel
import JSON
import NIOCore
import Synchronization

/// The connection to one engine, found and connected at the first use; shared by the boxes of the
/// engine.
public final class EngineAccess: Sendable {
  /// The kind of engine.
  public let kind: EngineKind
  private let find: @Sendable () throws(BoxError) -> EngineAddress
  private let made = Mutex<EngineClient?>(nil)
  private let elsewhere = Mutex<Bool?>(nil)
  /// Counts the commands that were started.
  let delay = ConmonDelay()

  /// Uses the engine that the environment names.
  public convenience init(_ kind: EngineKind, search: EngineSearch = EngineSearch()) {
    self.init(kind) { () throws(BoxError) in try search.address(of: kind) }
  }

  /// Uses the engine at an address.
  public convenience init(_ kind: EngineKind, at address: EngineAddress) {
    self.init(kind) { () throws(BoxError) in address }
  }

  private init(_ kind: EngineKind, _ find: @escaping @Sendable () throws(BoxError) -> EngineAddress) {
    self.kind = kind
    self.find = find
  }

  /// Whether the engine's processes are not on this host: it is reached over a network, or is in a
  /// virtual machine.
  ///
  /// Determined once, with a running container's main process.
  func isElsewhere(_ container: String, _ client: EngineClient) -> Bool {
    if case .network = client.address { return true }
    if let known = elsewhere.withLock({ $0 }) { return known }
    guard let inspection = try? client.call(client.inspectContainer(container)), inspection.processIdentifier > 0 else {
      return false
    }
    let isHere = HostProcess(inspection.processIdentifier, container: inspection.identifier) != nil
    elsewhere.withLock { $0 = !isHere }
    return !isHere
  }

  /// The client; an address that is not found is searched for again the next time.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` that lists the places searched.
  public func client() throws(BoxError) -> EngineClient {
    if let client = made.withLock({ $0 }) { return client }
    do {
      let client = try EngineClient(try find())
      return made.withLock { made in
        let first = made ?? client
        made = first
        return first
      }
    } catch let error as BoxError {
      throw error
    } catch {
      throw BoxError(.box, "\(error)")
    }
  }
}

// Lists the containers and images that can be boxes.
extension EngineAccess {
  /// The running containers, by name.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when the engine cannot be reached.
  public func containers() throws(BoxError) -> [ContainerSummary] {
    let found = try list("/containers/json").compactMap(ContainerSummary.init)
    return found.sorted { $0.name < $1.name }
  }

  /// The images that have a name, for throw-away containers.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when the engine cannot be reached.
  public func images() throws(BoxError) -> [String] {
    let tags = try list("/images/json").flatMap { ($0["RepoTags"]?.array ?? []).compactMap(\.string) }
    return tags.filter { !$0.hasPrefix("<none>") }.sorted()
  }

  /// The engine's version and address.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when it cannot be reached.
  public func facts() throws(BoxError) -> (facts: EngineFacts, address: EngineAddress) {
    let client = try client()
    do throws(EngineAPIError) { return (try client.call(client.asked()), client.address) } catch {
      throw BoxError(.box, error.description)
    }
  }

  private func list(_ path: String) throws(BoxError) -> [JSONValue] {
    let client = try client()
    do throws(EngineAPIError) { return try client.call(client.send(.get(path))).json?.array ?? [] } catch {
      throw BoxError(.box, error.description)
    }
  }
}
