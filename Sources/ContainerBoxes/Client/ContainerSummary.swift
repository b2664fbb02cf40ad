import JSON

/// One container in an engine's list.
public struct ContainerSummary: Hashable, Sendable {
  /// Its name, without the slash that Docker puts before it.
  public let name: String
  /// The image it was made of.
  public let image: String
  /// The engine's words for its state, such as `Up 3 minutes`.
  public let status: String

  /// Reads one entry of `/containers/json`.
  init?(_ json: JSONValue) {
    guard let name = (json["Names"]?.array ?? []).compactMap(\.string).first ?? json["Id"]?.string else { return nil }
    self.name = name.hasPrefix("/") ? String(name.dropFirst()) : name
    image = json["Image"]?.string ?? ""
    // Podman leaves it empty.
    status = [json["Status"]?.string, json["State"]?.string].compactMap { $0 }.first { !$0.isEmpty } ?? ""
  }
}
