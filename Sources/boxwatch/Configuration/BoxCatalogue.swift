import BoxLiteClient
import Boxes
import BoxwatchUI
import ContainerBoxes
import ExecEngine
import ExecModel

/// The boxes that can be chosen by name, each made once: a sandbox is tried out once and not for every command.
///
/// Addresses are names too: `boxlite://HOST:PORT/BOX`, `docker:CONTAINER`, `docker-image:IMAGE`.
struct BoxCatalogue: Sendable {
  /// Names that need no configuration.
  static let builtIn = ["local", "bwrap"]

  /// All names, built-in ones first.
  let names: [String]
  private let boxes: [String: any Box]
  /// The engines, found and connected at the first use.
  private let engines = Dictionary(uniqueKeysWithValues: EngineKind.allCases.map { ($0, EngineAccess($0)) })
  /// Those on BoxLite servers.
  let remote: RemoteBoxes

  /// Makes the boxes of a configuration.
  ///
  /// - Parameter key: the key of `--api-key` for every server that is named by its address; nil for the environment's.
  init(_ configuration: Configuration, key: String? = nil) {
    names = Self.builtIn + configuration.boxes.keys.sorted()
    var boxes: [String: any Box] = ["local": LocalBox(), "bwrap": BubblewrapBox()]
    var remote: [String: RemoteBoxes.Place] = [:]
    for (name, box) in configuration.boxes where boxes[name] == nil {
      switch box {
      case .prefix(let command, let quotes):
        boxes[name] = CommandBox(name: name, prefix: command, quoting: quotes ? .shell : .none)
      case .boxLite(let target, let key): remote[name] = RemoteBoxes.Place(target: target, key: key)
      }
    }
    self.boxes = boxes
    self.remote = RemoteBoxes(remote, key: key)
  }

  /// What the start prompt offers, the default first.
  func choices(first name: String) -> [BoxChoice] {
    let ordered = [name] + names.filter { $0 != name }
    return ordered.compactMap { name in
      guard let can = try? box(named: name).capabilities else { return nil }
      return BoxChoice(
        name: name, hasTerminal: can.contains(.terminal), hasInput: can.contains(.input),
        hasSignals: can.contains(.signals), hasHolders: can.contains(.holders))
    }
  }

  /// The box of a name.
  ///
  /// - Throws: ``Failure`` that lists the names there are, or says what is wrong with an address or its key.
  func box(named name: String) throws -> any Box {
    if let box = boxes[name] { return box }
    if ContainerTarget.claims(name) { return try container(name) }
    if let box = try remote.box(named: name) { return box }
    throw Failure("there is no box '\(name)': there are \(names.joined(separator: ", "))")
  }

  private func container(_ name: String) throws -> any Box {
    let target: ContainerTarget
    do { target = try ContainerTarget(text: name) } catch { throw Failure(error.description) }
    let engine = engines[target.engine] ?? EngineAccess(target.engine)
    switch target.place {
    case .container(let container): return ContainerBox(engine, container: container, user: target.user, name: name)
    case .image(let image): return ImageBox(engine, image: image)
    }
  }
}
