/// One part of a sandbox's tree; a later one covers an earlier one.
enum SandboxLayer: Hashable, Sendable {
  /// A file or folder of the host.
  case shown(SandboxBind)
  /// A private folder of the sandbox: empty, writable, in memory, removed at its end.
  case own(String)
  /// A symbolic link.
  case link(at: String, to: String)
  /// A file of the host, covered by a file that cannot be opened.
  case covered(String)
  /// `/dev`, with the devices that programs expect and no others.
  case devices
  /// `/proc` with the sandbox's processes, read-only.
  ///
  /// User 0 may write the kernel's settings in it by their permissions, also without capabilities, and through
  /// `kernel.core_pattern` a command could run programs as root on the host.
  case processes

  /// A file or folder of the host, read-only, at the same path.
  static func shown(_ path: String) -> SandboxLayer {
    .shown(SandboxBind(source: path, target: path, isReadOnly: true))
  }

  /// Its path in the sandbox.
  var target: String {
    switch self {
    case .shown(let bind): bind.target
    case .own(let path), .link(let path, _), .covered(let path): path
    case .devices: "/dev"
    case .processes: "/proc"
    }
  }

  /// The arguments for bubblewrap.
  var words: [String] {
    switch self {
    case .shown(let bind): bind.words
    case .own(let path): ["--tmpfs", path]
    case .link(let path, let target): ["--symlink", target, path]
    // The mount allows no devices, so the kernel refuses to open it.
    case .covered(let path): ["--ro-bind", "/dev/null", path]
    case .devices: ["--dev", "/dev"]
    case .processes: ["--proc", "/proc", "--remount-ro", "/proc"]
    }
  }
}

/// The file tree that a sandbox sees: the list of its parts, and the resolution of paths before it is made.
struct SandboxView: Hashable, Sendable {
  /// What a path is in the sandbox.
  enum Place: Hashable {
    /// A file or folder of the host, which may not exist.
    case host(String)
    /// A folder that the sandbox has in memory.
    case own
    /// A link and its target.
    case link(String)
    case nothing
  }

  /// Its parts, in the order in which they are mounted.
  private(set) var layers: [SandboxLayer] = []
  /// The number of leading parts that are the system's, which at a given time are the same for every sandbox.
  private(set) var systemCount = 0
  /// The default working directory of commands.
  var directory = "/"

  private static let mostLinks = 40

  /// Adds a part that covers earlier ones.
  mutating func add(_ layer: SandboxLayer) { layers.append(layer) }

  /// Marks all parts so far as the system's.
  mutating func endSystem() { systemCount = layers.count }

  /// The arguments for bubblewrap; its root, which is initially empty, becomes read-only at the end.
  ///
  /// - Parameter tree: What is mounted already; the arguments then name the rest.
  func words(on tree: PreparedTree?) -> [String] {
    guard let tree else { return layers.flatMap(\.words) + ["--remount-ro", "/"] }
    return ["--ro-bind", tree.place, "/"] + tree.rest.flatMap(\.words)
  }

  /// What a path is; links in it are not followed.
  func place(of path: String) -> Place {
    guard let index = layers.lastIndex(where: { HostPath.isWithin(path, $0.target) }) else {
      return holds(path, after: 0) ? .own : .nothing
    }
    switch layers[index] {
    case .shown(let bind): return .host(bind.hostPath(of: path))
    case .covered: return .host("/dev/null")
    case .processes: return .host(path)
    case .link(let link, let target): return path == link ? .link(target) : .nothing
    case .own, .devices:
      return path == layers[index].target || holds(path, after: index) ? .own : .nothing
    }
  }

  /// Whether a folder exists because something was mounted in it.
  private func holds(_ path: String, after index: Int) -> Bool {
    layers[index...].contains { HostPath.isWithin($0.target, path) }
  }

  /// What a path leads to, with links resolved as in the sandbox.
  func resolve(_ path: String) -> Place { real(path).map(place) ?? .nothing }

  /// The path with links resolved as in the sandbox; nil when they form a loop.
  func real(_ path: String) -> String? {
    var rest = Self.parts(path)
    var current = ""
    var links = 0
    while let part = rest.popLast() {
      guard part != ".." else {
        current = Self.parent(of: current)
        continue
      }
      let next = current + "/" + part
      guard let target = link(at: next) else {
        current = next
        continue
      }
      links += 1
      guard links <= Self.mostLinks else { return nil }
      if target.hasPrefix("/") { current = "" }
      rest += Self.parts(target)
    }
    return current.isEmpty ? "/" : current
  }

  private func link(at path: String) -> String? {
    switch place(of: path) {
    case .link(let target): target
    case .host(let file): HostPath.link(file)
    case .own, .nothing: nil
    }
  }

  /// Whether something can be mounted at a path: it exists, or is in a part of the tree that is in memory.
  func canMount(at path: String) -> Bool {
    switch resolve(path) {
    case .host(let file): HostPath.real(file) != nil
    case .own: true
    case .link: false
    case .nothing:
      switch resolve(Self.parent(of: path)) {
      case .host, .link: false
      case .own: true
      case .nothing: path != "/" && canMount(at: Self.parent(of: path))
      }
    }
  }

  /// A path's components, the last one first.
  private static func parts(_ path: String) -> [Substring] {
    path.split(separator: "/").filter { $0 != "." }.reversed()
  }

  private static func parent(of path: String) -> String {
    path.lastIndex(of: "/").map { $0 == path.startIndex ? "" : String(path[..<$0]) } ?? ""
  }
}
