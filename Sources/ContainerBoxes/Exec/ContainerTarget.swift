public import ExecModel

/// Which container, or which image, a person means: `docker:web`, `podman:user@web`, `docker-image:alpine`.
public struct ContainerTarget: Hashable, Sendable, CustomStringConvertible {
  /// Whether something runs already.
  public enum Place: Hashable, Sendable {
    /// A container, by name or identifier.
    case container(String)
    /// An image, of which a throw-away container is made.
    case image(String)
  }

  /// The engine.
  public var engine: EngineKind
  /// The container or image.
  public var place: Place
  /// The user that commands run as; the image's own when nil.
  public var user: String?

  /// Reads a target.
  ///
  /// - Throws: ``TextValueError`` that says what to write.
  public init(text: String) throws(TextValueError) {
    guard let colon = text.firstIndex(of: ":"), let (engine, isImage) = Self.kinds[String(text[..<colon])] else {
      throw TextValueError(
        "'\(text)' names no container: write docker:CONTAINER, podman:CONTAINER or docker-image:IMAGE")
    }
    self.engine = engine
    var name = String(text[text.index(after: colon)...])
    // An image's name may hold an @, before its digest; a container's may not.
    if !isImage, let at = name.firstIndex(of: "@") {
      user = String(name[..<at])
      name = String(name[name.index(after: at)...])
    }
    guard Self.isName(name, isImage: isImage), user?.isEmpty != true else {
      throw TextValueError("'\(text)' names no \(isImage ? "image" : "container"): write \(text[...colon])NAME")
    }
    place = isImage ? .image(name) : .container(name)
  }

  /// Whether a box's name is meant to be a target, right or wrong.
  public static func claims(_ text: String) -> Bool {
    text.firstIndex(of: ":").map { kinds[String(text[..<$0])] != nil } ?? false
  }

  private static let kinds: [String: (EngineKind, isImage: Bool)] = [
    "docker": (.docker, false), "podman": (.podman, false), "docker-image": (.docker, true),
    "podman-image": (.podman, true),
  ]

  /// Letters, digits and `_.-` make a container's name; an image's also has a place, a tag and a digest.
  private static func isName(_ name: String, isImage: Bool) -> Bool {
    guard let first = name.utf8.first, isWord(first) else { return false }
    let others = isImage ? "_.-/:@" : "_.-"
    return name.utf8.allSatisfy { isWord($0) || others.utf8.contains($0) }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }

  /// The target as ``init(text:)`` reads it.
  public var description: String {
    switch place {
    case .container(let name): engine.rawValue + ":" + (user.map { $0 + "@" } ?? "") + name
    case .image(let name): engine.rawValue + "-image:" + name
    }
  }
}
