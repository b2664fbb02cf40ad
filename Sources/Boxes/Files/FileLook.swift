/// What a name leads to.
enum FileLook: Hashable, Sendable {
  /// A file that is no directory, and whether this user may execute it.
  case file(isExecutable: Bool)
  /// A directory, and whether this user may enter it.
  case directory(isEnterable: Bool)
  /// A file or directory of the host that the box does not show.
  case hidden
  /// Nothing, by the error number of stat(2).
  case failed(Int32)
}
