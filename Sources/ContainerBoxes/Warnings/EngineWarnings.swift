import Boxes
import ExecEngine
import Synchronization

/// What a person should know about an engine, each said once; it is lost unless somebody listens.
public enum EngineWarnings {
  private static let listener = Mutex<(@Sendable (String) -> Void)?>(nil)

  /// Hears warnings from now on, instead of whoever heard them before; called on any thread.
  public static func listen(_ hear: @escaping @Sendable (String) -> Void) { listener.withLock { $0 = hear } }

  static func tell(_ warning: String) {
    let hear = listener.withLock { $0 }
    hear?(warning)
  }
}

/// Looks, once many commands were started on Podman, how long it keeps two processes for each one that is over.
///
/// It is `exit_command_delay` in `containers.conf`, 300 s unless set, which the engine does not tell: it stands in the
/// arguments of conmon, which watches each command.
final class ConmonDelay: Sendable {
  /// So many commands are worth a look.
  static let many = 50
  /// Seconds that are no trouble.
  static let harmless = 30

  private let count = Mutex(0)

  /// Notes a command; the one that makes them many has the processes looked through, on a thread of its own.
  func started() {
    let isTime = count.withLock { count in
      count += 1
      return count == Self.many
    }
    guard isTime else { return }
    EngineThread.start(name: "boxwatch-conmon") { Self.look() }
  }

  private static func look() {
    let processes = ProcessDirectory.all().map(ProcessDirectory.init)
    let delays = processes.filter { $0.name() == "conmon" }.compactMap { delay($0.arguments()) }
    if let warning = warning(delays) { EngineWarnings.tell(warning) }
  }

  /// The delay among the arguments of a conmon.
  static func delay(_ arguments: [String]) -> Int? {
    guard let option = arguments.lastIndex(of: "--exit-delay"), option + 1 < arguments.count else { return nil }
    return Int(arguments[option + 1])
  }

  /// What is to be said of the delays that were found; nil when they are harmless.
  static func warning(_ delays: [Int]) -> String? {
    guard let longest = delays.max(), longest > harmless else { return nil }
    return
      "podman keeps \(delays.count) processes of commands, each for \(longest) s after its end, and then cleans up after "
      + "all of them at once: set exit_command_delay = 5 under [engine] in containers.conf"
  }
}
