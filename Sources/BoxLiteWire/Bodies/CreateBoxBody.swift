/// What a client asks for when it creates a box; fields that mean nothing here are ignored.
public struct CreateBoxBody: Hashable, Sendable {
  /// A name that stays the client's; unique among the boxes.
  public var name: String?
  /// The image that the client named; kept and shown.
  public var image: String
  /// Labels by name, sorted.
  public var labels: [String: String]
  /// Variables for every command of the box.
  public var environment: [String: String]
  /// The directory of every command that names none.
  public var workingDirectory: String?
  /// Number of processors that the client asked for; kept and shown.
  public var cpus: Int64?
  /// Mebibytes of memory that the client asked for; kept and shown.
  public var memory: Int64?

  /// Reads a request's body.
  ///
  /// - Throws: ``WireError`` that names the field.
  public init(body: [UInt8]) throws(WireError) {
    let object = try JSONObject(body: body)
    name = try object.string("name")
    image = try object.string("image") ?? ""
    labels = Dictionary(try object.textMap("labels").map { ($0.name, $0.value) }) { $1 }
    environment = Dictionary(try object.textMap("env").map { ($0.name, $0.value) }) { $1 }
    workingDirectory = try object.string("working_dir")
    cpus = try object.integer("cpus")
    memory = try object.integer("memory_mib")
    if let name { try Self.check(name) }
  }

  /// A name stands in the path unescaped, so it holds letters, digits, `.`, `_` and `-` only.
  private static func check(_ name: String) throws(WireError) {
    let isPlain = name.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || [45, 46, 95].contains($0)
    }
    guard isPlain, (1...128).contains(name.utf8.count), name != ".", name != ".." else {
      throw WireError("field 'name' must be 1 to 128 letters, digits, '.', '_' or '-'")
    }
  }
}
