/// A failure of boxwatch's own that ends the program: one line for the person, and the exit status 125.
struct Failure: Error, CustomStringConvertible {
  /// What is wrong, where, and what to do.
  let description: String

  init(_ description: String) { self.description = description }
}
