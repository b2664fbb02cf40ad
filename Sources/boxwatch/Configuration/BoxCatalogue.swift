import Boxes
import BoxwatchUI
import ExecEngine

/// The boxes that can be chosen by name.
struct BoxCatalogue: Sendable {
  /// Names that need no configuration.
  static let builtIn = ["local", "bwrap"]

  private let configured: [String: BoxConfiguration]

  init(_ configuration: Configuration) { configured = configuration.boxes }

  /// All names, built-in ones first.
  var names: [String] { Self.builtIn + configured.keys.sorted() }

  /// What the start prompt offers, the default first.
  func choices(first name: String) -> [BoxChoice] {
    let ordered = names.filter { $0 == name } + names.filter { $0 != name }
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
    switch name {
    case "local": return LocalBox()
    case "bwrap": return BubblewrapBox()
    default:
      guard let box = configured[name] else {
        throw Failure("there is no box '\(name)': there are \(names.joined(separator: ", "))")
      }
      return CommandBox(name: name, prefix: box.command, quoting: box.quotesForShell ? .shell : .none)
    }
  }
}
