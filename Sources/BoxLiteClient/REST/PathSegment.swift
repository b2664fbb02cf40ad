/// A name as one piece of a path.
enum PathSegment {
  /// The name with everything escaped that is not unreserved (RFC 3986, section 2.3).
  static func escaped(_ name: String) -> String {
    var text = ""
    for byte in name.utf8 {
      switch byte {
      case 48...57, 65...90, 97...122, 45, 46, 95, 126: text.unicodeScalars.append(Unicode.Scalar(byte))
      default: text += "%" + String(0x100 + Int(byte), radix: 16, uppercase: true).dropFirst()
      }
    }
    return text
  }
}
