import Glibc

/// boxwatch's own environment.
enum Environment {
  /// A variable's value; nil when unset or empty, which the XDG specification and NO_COLOR treat alike.
  static subscript(name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }
}
