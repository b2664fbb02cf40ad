public import ExecEngine
import ExecModel
import JSON
import NIOCore

// What an engine has that can be a box.
extension EngineAccess {
  /// The running containers, by name.
  ///
  /// - Throws: ``BoxError`` when the engine cannot be asked.
  public func containers() throws(BoxError) -> [ContainerSummary] {
    let found = try list("/containers/json").compactMap(ContainerSummary.init)
    return found.sorted { $0.name < $1.name }
  }

  /// The images that have a name, of which throw-away containers can be made.
  ///
  /// - Throws: ``BoxError`` when the engine cannot be asked.
  public func images() throws(BoxError) -> [String] {
    let tags = try list("/images/json").flatMap { ($0["RepoTags"]?.array ?? []).compactMap(\.string) }
    return tags.filter { !$0.hasPrefix("<none>") }.sorted()
  }

  /// What the engine is, and where.
  ///
  /// - Throws: ``BoxError`` when it cannot be asked.
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
