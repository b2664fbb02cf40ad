/// What the header tells of this boxwatch's server.
public struct ServerStatus: Hashable, Sendable {
  /// Where it listens: `127.0.0.1:8100`, `unix:/run/x`.
  public var address: String
  /// How many clients are attached.
  public var clients: Int

  /// Makes a status.
  public init(address: String, clients: Int) {
    self.address = address
    self.clients = clients
  }
}
