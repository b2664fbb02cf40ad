import CExecShims
import Console
import Glibc
import Synchronization

/// The program's arguments.
enum CommandLineWords {
  /// The position and a readable form of the first argument that is not valid UTF-8; nil when all
  /// are valid.
  ///
  /// Swift repairs such an argument when it creates a `String`, so the command would silently get a
  /// different argument.
  static func firstBroken() -> (position: Int, text: String)? {
    for position in 1..<max(1, Int(CommandLine.argc)) {
      guard let word = CommandLine.unsafeArgv[position], String(validatingCString: word) == nil else { continue }
      return (position, String(cString: word))
    }
    return nil
  }
}

/// Removes keys from the environment and the arguments: commands inherit the environment and can
/// read what `/proc` shows of this process.
enum Secrets {
  private static let taken = Mutex<[String: String]>([:])
  private static let names = ["BOXLITE_API_KEY", "BOXWATCH_API_KEY", "BOXWATCH_UPSTREAM_KEY"]

  /// Removes boxwatch's own keys and `others` from the environment; must be called before other
  /// threads read it (setenv(3)).
  static func take(_ others: [String] = []) {
    taken.withLock { taken in
      for name in names + others {
        guard let value = Environment[name] else { continue }
        taken[name] = value
        // First, because unsetenv(3) drops the pointer to the value but leaves the value in the
        // memory that /proc/PID/environ shows.
        cexec_wipe_variable(name)
        unsetenv(name)
      }
    }
  }

  /// Overwrites keys given as arguments in the memory that `/proc/PID/cmdline` shows to every user.
  static func hide(_ arguments: String?...) {
    for argument in arguments.compactMap({ $0 }) { cexec_wipe_argument(argument) }
  }

  /// Prevents commands started by clients from reading keys in our memory, unless they have the
  /// privilege to read any memory.
  static func hideMemory() { cexec_hide_memory() }

  /// The value of a key, whether already taken or still in the environment; nil when there is none.
  static subscript(name: String) -> String? { taken.withLock { $0[name] } ?? Environment[name] }
}
