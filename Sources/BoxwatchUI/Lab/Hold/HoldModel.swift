public import RaceLab

/// The page on which a real command's reports are held by hand.
public struct HoldModel: Hashable, Sendable {
  /// The commands that the prompt offers: one whose last line is lost, one that fills its pipe.
  public static let presets = ["sh -c 'echo first-output && exit 0'", "seq 1 200000"]
  /// The dispatchers that the left half can show; the right one is the machine's.
  public static let choices = HeldSnapshot.kinds.filter { $0 != .drainOrdered }

  /// The command's text as it was typed last.
  public internal(set) var command = HoldModel.presets[0]
  /// The dispatcher in the left half.
  public internal(set) var left = DispatcherKind.exitFirst
  /// The command that runs or ran; nil before the first.
  public internal(set) var snapshot: HeldSnapshot?

  /// A page without a command.
  public init() {}

  /// A page for a command that is being started.
  public init(_ command: [String]) { self.command = CommandWords.joined(command) }

  /// Shows the next dispatcher at the left, or the one before.
  mutating func changeLeft(by amount: Int) {
    let choices = Self.choices
    let index = (choices.firstIndex(of: left) ?? 0) + amount
    left = choices[((index % choices.count) + choices.count) % choices.count]
  }

  /// Starts a command's text; or says why it is none.
  mutating func start(_ text: String) throws(CommandWords.Problem) -> HoldRequest? {
    let words = try CommandWords.split(text)
    guard !words.isEmpty else { return nil }
    command = text
    return .start(words)
  }
}
