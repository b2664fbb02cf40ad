import ExecEngine
import HostBoxes
import Linux
import Synchronization

/// Warnings about an engine for the user, each reported once; dropped unless there is a listener.
public enum EngineWarnings {
  private static let listener = Mutex<(@Sendable (String) -> Void)?>(nil)

  /// Sets the listener for warnings, replacing an earlier one; it is called on any thread.
  public static func listen(_ hear: @escaping @Sendable (String) -> Void) { listener.withLock { $0 = hear } }

  static func tell(_ warning: String) {
    let hear = listener.withLock { $0 }
    hear?(warning)
  }
}

/// Checks, once many commands were started on Podman, how long Podman keeps two processes for each
/// finished one.
///
/// This is `exit_command_delay` in `containers.conf`, 300 s by default, which the engine's API does
/// not report: it is an argument of conmon, the monitor of each command.
final class ConmonDelay: Sendable {
  /// The number of commands after which to check.
  static let many = 50
  /// The longest delay in seconds that needs no warning.
  static let harmless = 30

  private let count = Mutex(0)

  /// Counts a command; the one that reaches the threshold starts the check on a new thread.
  func started() {
    let isTime = count.withLock { count in
      count += 1
      return count == Self.many
    }
    guard isTime else { return }
    DetachedThread.start(name: "boxwatch-conmon") { Self.look() }
  }

  private static func look() {
    let processes = ProcessDirectory.all().map(ProcessDirectory.init)
    let delays = processes.filter { $0.name() == "conmon" }.compactMap { delay($0.arguments()) }
    if let warning = warning(delays) { EngineWarnings.tell(warning) }
  }

  /// The delay in the arguments of a conmon.
  static func delay(_ arguments: [String]) -> Int? {
    guard let option = arguments.lastIndex(of: "--exit-delay"), option + 1 < arguments.count else { return nil }
    return Int(arguments[option + 1])
  }

  /// The warning for the delays found; nil when they are harmless.
  static func warning(_ delays: [Int]) -> String? {
    guard let longest = delays.max(), longest > harmless else { return nil }
    return
      "podman keeps \(delays.count) processes of ended commands, each for \(longest) s, and then cleans up "
      + "all of them at once: set exit_command_delay = 5 under [engine] in containers.conf"
  }
}
