import Glibc

/// Which characters the locale of whoever reads us has.
enum LocaleCharacters {
  /// Whether text is UTF-8 there (nl_langinfo(3)).
  static var areUnicode: Bool {
    setlocale(LC_CTYPE, "")
    guard let name = nl_langinfo(nl_item(CODESET)) else { return false }
    return ["UTF-8", "UTF8", "utf-8", "utf8"].contains(String(cString: name))
  }
}
