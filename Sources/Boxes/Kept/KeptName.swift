import ExecEngine
import ExecModel

/// Names that a kept box can have: its file's, its host's and an option's value.
enum KeptName {
  /// Refuses others.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` with what a name is.
  static func check(_ name: String) throws(BoxError) {
    let isName = (1...63).contains(name.utf8.count) && name.utf8.allSatisfy(isPlain)
    guard isName, let first = name.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: ".") else {
      throw BoxError(
        .badName,
        "'\(name)' is no name for a box: use 1 to 63 letters, digits, '-', '_' and '.', a letter or digit first")
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-_.".utf8.contains(byte)
    }
  }
}
