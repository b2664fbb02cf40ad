import JSON

/// What an engine says of itself, asked once.
public struct EngineFacts: Hashable, Sendable {
  /// Docker or Podman.
  public let kind: EngineKind
  /// The engine's own version, such as `20.10.24`.
  public let version: String
  /// The API's version that is spoken with it, as 1000 × major + minor.
  public let api: Int

  /// The path's beginning, such as `/v1.41`.
  var prefix: String { "/v\(api / 1000).\(api % 1000)" }

  /// The version that this client was tested with, and the newest whose additions it knows.
  static let (tested, newest) = (1041, 1044)

  /// Reads the answer to `/version`; nil when it is no engine's.
  ///
  /// Spoken is the newest version that both know, but never one that the engine has given up.
  init?(_ json: JSONValue) {
    guard let api = Self.number(json["ApiVersion"]?.string) else { return nil }
    version = json["Version"]?.string ?? "?"
    let names = (json["Components"]?.array ?? []).compactMap { $0["Name"]?.string }
    kind = names.contains { $0.contains("Podman") } ? .podman : .docker
    self.api = max(min(api, Self.newest), Self.number(json["MinAPIVersion"]?.string) ?? 0)
  }

  /// `1.41` as 1041.
  private static func number(_ text: String?) -> Int? {
    let parts = (text ?? "").split(separator: ".").map { Int($0) }
    guard parts.count >= 2, let major = parts[0], let minor = parts[1], (0..<100).contains(major),
      (0..<1000).contains(minor)
    else { return nil }
    return major * 1000 + minor
  }
}
