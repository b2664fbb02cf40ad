/// The words that the program was started with.
enum CommandLineWords {
  /// The position and the readable form of the first word that is no UTF-8; nil when all are.
  ///
  /// Swift repairs such a word when it makes a `String` of it, and the command would get another word than the one that
  /// was written, without anybody being told.
  static func firstBroken() -> (position: Int, text: String)? {
    for position in 1..<max(1, Int(CommandLine.argc)) {
      guard let word = CommandLine.unsafeArgv[position], String(validatingCString: word) == nil else { continue }
      return (position, String(cString: word))
    }
    return nil
  }
}
