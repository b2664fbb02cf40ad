/// Where the certificates for an engine behind TLS are.
public struct TLSFiles: Hashable, Sendable {
  /// The folder with `ca.pem`, `cert.pem` and `key.pem`.
  public var folder: String
  /// Whether the engine's own certificate is checked.
  public var verifies: Bool

  /// Names the folder.
  public init(folder: String, verifies: Bool = true) {
    self.folder = folder
    self.verifies = verifies
  }
}
