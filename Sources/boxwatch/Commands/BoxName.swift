import BoxLiteClient
import ContainerBoxes
import ExecModel

/// A box's name as a command line has it: what is an address must be a whole one.
enum BoxName {
  /// The name, when it can be that of a box; whether there is such a box, the configuration says.
  ///
  /// - Throws: `TextValueError` for an address that cannot be read.
  static func checked(_ text: String) throws(TextValueError) -> String {
    if BoxLiteTarget.isMeant(by: text) { _ = try RemoteBoxes.address(text) }
    if ContainerTarget.claims(text) { _ = try ContainerTarget(text: text) }
    return text
  }
}
