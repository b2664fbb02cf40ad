import ExecModel
public import RaceLab
import Widgets

/// The hold page, on which the user holds back a real command's reports.
public struct HoldModel: Hashable, Sendable {
  /// The commands offered by the prompt: one whose last line is lost, one that fills its pipe.
  public static let presets = ["sh -c 'echo first-output && exit 0'", "seq 1 200000"]
  /// The dispatchers of the left half; the right half is always the machine's.
  public static let choices = HeldSnapshot.kinds.filter { $0 != .drainOrdered }

  /// The last command line.
  public internal(set) var command = HoldModel.presets[0]
  /// The dispatcher in the left half.
  public internal(set) var left = DispatcherKind.exitFirst
  /// The current or last command; nil before the first.
  public internal(set) var snapshot: HeldSnapshot?

  /// Creates a page without a command.
  public init() {}

  /// Creates a page for a command that is being started.
  public init(_ command: [String]) { self.command = CommandWords.joined(command) }

  /// Selects the next or the previous dispatcher for the left half.
  mutating func changeLeft(by amount: Int) {
    let choices = Self.choices
    let index = (choices.firstIndex(of: left) ?? 0) + amount
    left = choices[((index % choices.count) + choices.count) % choices.count]
  }

  /// Starts a command line, or throws why it cannot be split.
  mutating func start(_ text: String) throws(CommandWords.Problem) -> HoldRequest? {
    let words = try CommandWords.split(text)
    guard !words.isEmpty else { return nil }
    command = text
    return .start(words)
  }
}

/// A request of the page to the owner of the held command.
public enum HoldRequest: Hashable, Sendable {
  /// Start this command with all gates closed, replacing the previous one.
  case start([String])
  /// Toggle a gate.
  case toggle(HeldGate)
  /// Open all gates.
  case releaseAll
  /// Kill the command's process group.
  case end
}
