import Glibc
import SystemPackage

/// Where boxwatch keeps things, by the XDG base directory specification.
enum Directories {
  /// Journals: `$XDG_STATE_HOME/boxwatch`.
  static func state() throws -> FilePath { try base("XDG_STATE_HOME", ".local/state").appending("boxwatch") }

  /// The folder that holds a journal for each execution.
  static func executions() throws -> FilePath { try state().appending("executions") }

  /// Configuration and themes: `$XDG_CONFIG_HOME/boxwatch`.
  static func configuration() throws -> FilePath { try base("XDG_CONFIG_HOME", ".config").appending("boxwatch") }

  private static func base(_ variable: String, _ fallback: String) throws -> FilePath {
    // The specification says to ignore relative paths.
    if let value = Environment[variable], value.hasPrefix("/") { return FilePath(value) }
    guard let home = Environment["HOME"] ?? homeOfUser else {
      throw Failure("there is no home directory: set HOME or \(variable)")
    }
    return FilePath(home).appending(fallback)
  }

  private static var homeOfUser: String? {
    guard let entry = getpwuid(getuid()), let home = entry.pointee.pw_dir else { return nil }
    return String(cString: home)
  }
}
