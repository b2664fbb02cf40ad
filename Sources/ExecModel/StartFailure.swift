/// Why a command never ran.
///
/// The cases are told apart because a person does something else about each.
public enum StartFailure: Error, Hashable, Sendable, Codable {
  /// No such command: not in `PATH`, or the named file does not exist.
  case notFound
  /// The file is there, but is no program this user may run.
  case notExecutable
  /// The working directory is missing, is no directory, or may not be entered.
  case badDirectory
  /// The command's name or an argument cannot be passed on: empty, or with a NUL in it.
  case badName
  /// Arguments and environment are together larger than the kernel takes (`E2BIG`, execve(2)).
  case argumentListTooLong
  /// Anything else the kernel answered, by its error number.
  case system(Int32)
  /// The box itself could not be used: its program is missing, or it refused.
  case box

  /// What a shell would return: 127 not found, 126 found but not runnable, 125 for the rest (as `docker run`).
  public var shellCode: Int32 {
    switch self {
    case .notFound: 127
    case .notExecutable: 126
    case .badDirectory, .badName, .argumentListTooLong, .system, .box: 125
    }
  }

  /// A few words for the status column.
  public var words: String {
    switch self {
    case .notFound: "not found"
    case .notExecutable: "not executable"
    case .badDirectory: "bad directory"
    case .badName: "bad name"
    case .argumentListTooLong: "argument list too long"
    case .system(let number): "cannot start (errno \(number))"
    case .box: "box not usable"
    }
  }
}
