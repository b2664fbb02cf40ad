/// A failure of boxwatch's own that ends the program: one line for the person, and the exit status 125.
struct Failure: Error, CustomStringConvertible {
  /// What is wrong, where, and what to do.
  let description: String
  /// Whether descriptors were missing, which the end of something else may give back.
  let isShortage: Bool

  init(_ description: String, isShortage: Bool = false) {
    self.description = description
    self.isShortage = isShortage
  }
}
