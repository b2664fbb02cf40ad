import CExecShims
import Glibc
import Synchronization

/// boxwatch's own environment.
enum Environment {
  /// A variable's value; nil when unset or empty, which the XDG specification and NO_COLOR treat alike.
  static subscript(name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }
}

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

/// Keys that came in the environment or as arguments, taken out of both: commands inherit the environment, and can read what
/// `/proc` shows of us; the keys are not for them.
enum Secrets {
  private static let taken = Mutex<[String: String]>([:])
  private static let names = ["BOXLITE_API_KEY", "BOXWATCH_API_KEY", "BOXWATCH_UPSTREAM_KEY"]

  /// Takes boxwatch's own keys out of the environment, and `others`; before other threads read it (setenv(3)).
  static func take(_ others: [String] = []) {
    taken.withLock { taken in
      for name in names + others {
        guard let value = Environment[name] else { continue }
        taken[name] = value
        // First: unsetenv(3) forgets where the value stands, and leaves it there for /proc/PID/environ.
        cexec_wipe_variable(name)
        unsetenv(name)
      }
    }
  }

  /// Takes keys that were given as arguments out of what `/proc/PID/cmdline` shows to every user.
  static func hide(_ arguments: String?...) {
    for argument in arguments.compactMap({ $0 }) { cexec_wipe_argument(argument) }
  }

  /// Keeps the commands that clients start from reading the keys in our memory, as far as they have no right to read any.
  static func hideMemory() { cexec_hide_memory() }

  /// A key's value, taken already or not yet; nil when there is none.
  static subscript(name: String) -> String? { taken.withLock { $0[name] } ?? Environment[name] }
}
