import BoxLiteClient
import BoxwatchUI
import Console
import ContainerBoxes
import ExecEngine
import ExecModel
import HostBoxes
import Jobs

/// The boxes that can be selected by name, each created once: a sandbox is tested once and not for
/// every command.
///
/// Addresses are names too: `boxlite://HOST:PORT/BOX`, `docker:CONTAINER`, `docker-image:IMAGE`.
struct BoxCatalogue: BoxDirectory {
  /// Names that need no configuration.
  static let builtIn = ["local", "bwrap"]

  private let boxes: [String: any Box]
  /// The container engines, found and connected at the first use.
  private let engines: [EngineKind: EngineAccess]
  /// The boxes on BoxLite servers.
  let remote: RemoteBoxes
  /// The options of the throw-away sandboxes, which a command line can extend.
  private let sandboxes: [String: SandboxOptions]
  private let configured: [String]
  private let kept: KeptBoxes?

  /// Creates the boxes of a configuration.
  ///
  /// - Parameters:
  ///   - key: the key of `--api-key` for every server named by address; nil for the environment's.
  ///   - kept: the kept boxes, read at each use, since other processes create and remove them.
  init(_ configuration: Configuration, key: String? = nil, kept: KeptBoxes? = nil) {
    let engines = Dictionary(uniqueKeysWithValues: EngineKind.allCases.map { ($0, EngineAccess($0)) })
    configured = Self.builtIn + configuration.boxes.keys.sorted()
    var boxes: [String: any Box] = ["local": LocalBox(), "bwrap": BubblewrapBox()]
    var sandboxes = ["bwrap": SandboxOptions()]
    var remote: [String: RemoteBoxes.Place] = [:]
    for (name, box) in configuration.boxes where boxes[name] == nil {
      switch box {
      case .prefix(let command, let quotes):
        boxes[name] = CommandBox(name: name, prefix: command, quoting: quotes ? .shell : .none)
      case .sandbox(let options):
        boxes[name] = BubblewrapBox(name: name, options: options)
        sandboxes[name] = options
      case .container(let target): boxes[name] = Self.container(target, engines, name: name)
      case .boxLite(let target, let key): remote[name] = RemoteBoxes.Place(target: target, key: key)
      }
    }
    self.engines = engines
    self.boxes = boxes
    self.sandboxes = sandboxes
    self.kept = kept
    self.remote = RemoteBoxes(remote, key: key)
  }

  /// All names, built-in ones first, kept ones last.
  var names: [String] { configured + keptNames.filter { !configured.contains($0) } }

  /// Whether a kept box cannot have a name because `--box` would select another box.
  static func isTaken(_ name: String, _ configuration: Configuration) -> Bool {
    builtIn.contains(name) || configuration.boxes[name] != nil
  }

  /// The boxes of the start prompt before a search, the default first.
  func choices(first name: String) -> [BoxChoice] {
    choices(names.map { FoundBox(name: $0, kind: "", detail: "") }, first: name)
  }

  /// The boxes of the start prompt after a search, the default first even when it was not found.
  func choices(_ found: [FoundBox], first name: String) -> [BoxChoice] {
    let first = found.first { $0.name == name } ?? FoundBox(name: name, kind: "", detail: "")
    return ([first] + found.filter { $0.name != name }).compactMap(choice)
  }

  /// A box that cannot be used is listed with its reason; one that does not exist is left out.
  private func choice(_ found: FoundBox) -> BoxChoice? {
    guard let box = try? box(named: found.name) else {
      guard let problem = found.problem else { return nil }
      return BoxChoice(name: found.name, kind: found.kind, detail: found.detail, problem: problem)
    }
    return BoxChoice(
      name: found.name, kind: found.kind, detail: found.detail, problem: found.problem,
      missing: MissingAbility(of: box).reasons, takesOptions: sandboxes[found.name] != nil)
  }

  /// The box of a name, with additional options for a sandbox.
  ///
  /// - Throws: ``/Console/Failure`` that lists the existing names, says what is wrong with an address or its
  ///   key, or why the options do not apply to this box.
  func box(named name: String, adding options: SandboxOptions = SandboxOptions()) throws -> any Box {
    guard options != SandboxOptions() else { return try plain(name) }
    guard let own = sandboxes[name] else {
      _ = try plain(name)
      throw Failure(
        "--bind, --ro-bind, --net, --memory, --cpus and --pids are for a throw-away sandbox (--box bwrap), which '\(name)' is not"
      )
    }
    return BubblewrapBox(name: name, options: own.adding(options))
  }

  private func plain(_ name: String) throws -> any Box {
    let kept = try keptBox(name)
    guard kept == nil || !configured.contains(name) else {
      throw Failure(
        "'\(name)' is a box of the configuration and a kept box: rename one, or remove it with boxwatch box rm")
    }
    if let box = boxes[name] { return box }
    if let kept { return kept }
    if ContainerTarget.claims(name) { return try container(name) }
    if let box = try remote.box(named: name) { return box }
    let known = names.joined(separator: ", ")
    throw Failure("there is no box '\(name)'; the boxes are \(known), and what boxwatch boxes lists")
  }

  private func keptBox(_ name: String) throws -> KeptBox? {
    do {
      return try kept?.box(named: name)
    } catch {
      // Configured boxes work even when the folder of the kept ones cannot be used.
      guard !configured.contains(name) else { return nil }
      throw Failure(error.description)
    }
  }

  /// Empty when their folder cannot be read: `boxwatch boxes` gives the reason.
  private var keptNames: [String] { (try? kept?.names()) ?? [] }

  private func container(_ name: String) throws -> any Box {
    let target: ContainerTarget
    do { target = try ContainerTarget(text: name) } catch { throw Failure(error.description) }
    return Self.container(target, engines, name: name)
  }

  private static func container(
    _ target: ContainerTarget, _ engines: [EngineKind: EngineAccess], name: String
  ) -> any Box {
    let engine = engines[target.engine] ?? EngineAccess(target.engine)
    switch target.place {
    case .container(let container): return ContainerBox(engine, container: container, user: target.user, name: name)
    case .image(let image): return ImageBox(engine, image: image, name: name)
    }
  }
}
