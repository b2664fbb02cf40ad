import Boxes
import BoxwatchUI
import ExecEngine

/// The boxes that can be chosen by name, each made once: a sandbox is tried out once and not for every command.
struct BoxCatalogue: Sendable {
  /// Names that need no configuration.
  static let builtIn = ["local", "bwrap"]

  /// All names, built-in ones first.
  let names: [String]
  private let boxes: [String: any Box]

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
    let ordered = names.filter { $0 == name } + names.filter { $0 != name }
    return ordered.compactMap { name in
      guard let can = boxes[name]?.capabilities else { return nil }
      return BoxChoice(
        name: name, hasTerminal: can.contains(.terminal), hasInput: can.contains(.input),
        hasSignals: can.contains(.signals), hasHolders: can.contains(.holders))
    }
  }

  /// The box of a name.
  ///
  /// - Throws: ``Failure`` that lists the names there are.
  func box(named name: String) throws -> any Box {
    guard let box = boxes[name] else {
      throw Failure("there is no box '\(name)': there are \(names.joined(separator: ", "))")
    }
    return box
  }
}
