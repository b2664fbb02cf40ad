import Console
import Glibc
import HostBoxes
import Instances
import SystemPackage

/// The program's directories, by the XDG base directory specification.
enum Directories {
  /// Journals: `$XDG_STATE_HOME/boxwatch`.
  static func state() throws -> FilePath { try base("XDG_STATE_HOME", ".local/state").appending("boxwatch") }

  /// The folder that holds a journal for each execution.
  static func executions() throws -> FilePath { try state().appending("executions") }

  /// Configuration and themes: `$XDG_CONFIG_HOME/boxwatch`.
  static func configuration() throws -> FilePath { try base("XDG_CONFIG_HOME", ".config").appending("boxwatch") }

  /// Files that need not survive a reboot: `$XDG_RUNTIME_DIR/boxwatch`, or `/tmp/boxwatch-UID`
  /// without that variable.
  ///
  /// The folder may not exist yet; the code that creates it must check that only the user can
  /// access it.
  static func runtime() -> FilePath {
    if let runtime = Environment["XDG_RUNTIME_DIR"], runtime.hasPrefix("/") {
      return FilePath(runtime).appending("boxwatch")
    }
    return FilePath("/tmp/boxwatch-\(getuid())")
  }

  /// The user's kept boxes, stored in the runtime folder.
  static func keptBoxes() -> KeptBoxes { KeptBoxes(folder: runtime().appending("boxes").string) }

  private static func base(_ variable: String, _ fallback: String) throws -> FilePath {
    // The specification requires relative paths to be ignored.
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

extension InstanceDirectory {
  /// The user's folder.
  init() { self.init(path: Directories.runtime()) }
}

extension ExecutionFinder {
  /// Searches the user's journals and those of every other boxwatch.
  ///
  /// - Throws: ``/Console/Failure`` when there is no home directory.
  init() throws { self.init(try Directories.executions(), InstanceDirectory()) }
}
