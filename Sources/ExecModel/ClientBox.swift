/// The box of a BoxLite client, as that client knows it: another one, the back end's, runs its commands.
public struct ClientBox: Hashable, Sendable, Codable {
  /// Its identifier.
  public var id: String
  /// The name that the client gave it; nil for none.
  public var name: String?
  /// The image that the client asked for.
  public var image: String
  /// Labels by name.
  public var labels: [String: String]

  /// Makes the description of a box.
  public init(id: String, name: String? = nil, image: String = "", labels: [String: String] = [:]) {
    (self.id, self.name, self.image, self.labels) = (id, name, image, labels)
  }

  /// What it is called: its name, or else its identifier.
  public var title: String { name ?? id }
}
