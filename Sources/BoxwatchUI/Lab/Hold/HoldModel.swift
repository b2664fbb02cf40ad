public import ExecModel
public import RaceLab

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

/// The prompt for the command of the hold page.
public struct HoldPrompt: Hashable, Sendable {
  /// The line.
  public internal(set) var editor: LineEditor
  /// Why the last attempt was refused.
  public internal(set) var problem: String?

  /// Creates a prompt with a text.
  init(_ text: String) { editor = LineEditor(text) }

  /// Replaces the line with the next preset, or with the first when it contains none.
  mutating func nextPreset() {
    let presets = HoldModel.presets
    let index = presets.firstIndex(of: editor.text).map { ($0 + 1) % presets.count } ?? 0
    self = HoldPrompt(presets[index])
  }
}

/// An actual event of the held command, or an action of the user.
public struct HeldMoment: Hashable, Sendable {
  /// The kind of event.
  public enum Kind: Hashable, Sendable {
    /// The process was started, with its number.
    case started(Int32?)
    /// The user closed a gate.
    case held(HeldGate)
    /// The user opened a gate.
    case released(HeldGate)
    /// A process was observed blocked in write(2).
    case blocked(ExecStream)
    /// A pump read bytes; adjacent reads of a stream are merged.
    case read(ExecStream, bytes: UInt64)
    /// A pump reached end of stream.
    case ended(ExecStream)
    /// The process ended.
    case exited(ExitStatus)
    /// The box lost the command.
    case lost
  }

  /// Nanoseconds since the start.
  public let time: UInt64
  /// The kind of event.
  public var kind: Kind

  /// Creates an event.
  public init(time: UInt64, _ kind: Kind) {
    self.time = time
    self.kind = kind
  }

  /// A short description: `exited: exit 0`.
  public var words: String {
    switch kind {
    case .started(let identifier): "started" + (identifier.map { ", process \($0)" } ?? "")
    case .held(let gate): "you hold \(gate.name)"
    case .released(let gate): "you release \(gate.name)"
    case .blocked(let stream): "blocked in write to \(stream.name)"
    case .read(let stream, let bytes): "\(stream.name) pump brings \(NumberText.grouped(bytes)) bytes"
    case .ended(let stream): "\(stream.name) ends"
    case .exited(let status): "process over: \(status.words)"
    case .lost: "connection lost"
    }
  }

  /// The role that styles it.
  var role: Role {
    switch kind {
    case .started: .execRunning
    case .held, .released: .info
    case .blocked: .warning
    case .read(let stream, _), .ended(let stream): .of(stream)
    case .exited: .execDraining
    case .lost: .execLost
    }
  }
}

/// An announcement of a dispatcher to its user; adjacent output of a stream is merged.
public enum HeldTold: Hashable, Sendable {
  /// Bytes of a stream.
  case output(ExecStream, bytes: UInt64)
  /// An exit, or the answer to a wait.
  case terminal(Announcement)

  /// One line: `stdout, 13 bytes`, `Exit: exit 0`.
  public var words: String {
    switch self {
    case .output(let stream, let bytes): "\(stream.name), \(NumberText.grouped(bytes)) byte\(bytes == 1 ? "" : "s")"
    case .terminal(let announcement): announcement.words
    }
  }
}
