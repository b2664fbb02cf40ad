import Boxes
import ExecEngine

/// The boxes that can be chosen by name.
struct BoxCatalogue: Sendable {
  /// Names that need no configuration.
  static let builtIn = ["local", "bwrap"]

  private let configured: [String: BoxConfiguration]

  init(_ configuration: Configuration) { configured = configuration.boxes }

  /// All names, built-in ones first.
  var names: [String] { Self.builtIn + configured.keys.sorted() }

  /// The box of a name.
  ///
  /// - Throws: ``Failure`` that lists the names there are.
  func box(named name: String) throws -> any Box {
    switch name {
    case "local": return LocalBox()
    default:
      guard configured[name] != nil else {
        throw Failure("there is no box '\(name)': there are \(names.joined(separator: ", "))")
      }
      return LocalBox()
    }
  }
}
