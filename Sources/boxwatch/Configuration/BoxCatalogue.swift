import Boxes
import BoxwatchUI
import ContainerBoxes
import ExecEngine
import ExecModel

/// The boxes that can be chosen by name, each made once: a sandbox is tried out once and not for every command.
struct BoxCatalogue: Sendable {
  /// Names that need no configuration.
  static let builtIn = ["local", "bwrap"]

  /// All names, built-in ones first.
  let names: [String]
  private let boxes: [String: any Box]
  /// The engines, found and connected at the first use.
  private let engines = Dictionary(uniqueKeysWithValues: EngineKind.allCases.map { ($0, EngineAccess($0)) })

  init(_ configuration: Configuration) {
    names = Self.builtIn + configuration.boxes.keys.sorted()
    var boxes: [String: any Box] = ["local": LocalBox(), "bwrap": BubblewrapBox()]
    for (name, box) in configuration.boxes where boxes[name] == nil {
      boxes[name] = CommandBox(name: name, prefix: box.command, quoting: box.quotesForShell ? .shell : .none)
    }
    self.boxes = boxes
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
  /// - Throws: ``Failure`` that lists the names there are.
  func box(named name: String) throws -> any Box {
    if let box = boxes[name] { return box }
    if ContainerTarget.claims(name) { return try container(name) }
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
