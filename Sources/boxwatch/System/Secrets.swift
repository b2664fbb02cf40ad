import Glibc
import Synchronization

/// Keys that came in the environment, taken out of it: commands inherit ours, and the keys are not for them.
enum Secrets {
  private static let taken = Mutex<[String: String]>([:])
  private static let names = ["BOXLITE_API_KEY", "BOXWATCH_API_KEY", "BOXWATCH_UPSTREAM_KEY"]

  /// Takes boxwatch's own keys out of the environment, and `others`; before other threads read it (setenv(3)).
  static func take(_ others: [String] = []) {
    taken.withLock { taken in
      for name in names + others {
        guard let value = Environment[name] else { continue }
        taken[name] = value
        unsetenv(name)
      }
    }
  }

  /// A key's value, taken already or not yet; nil when there is none.
  static subscript(name: String) -> String? { taken.withLock { $0[name] } ?? Environment[name] }
}
