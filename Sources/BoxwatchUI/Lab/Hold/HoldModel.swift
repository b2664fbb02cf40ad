public import ExecModel
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

/// What the page asks of whoever runs the held command.
public enum HoldRequest: Hashable, Sendable {
  /// Start this command with all gates closed, in the place of the one before.
  case start([String])
  /// Close an open gate, open a closed one.
  case toggle(HeldGate)
  /// Open all gates.
  case releaseAll
  /// End the command with its process group.
  case end
}

/// The command being typed for the holding page.
public struct HoldPrompt: Hashable, Sendable {
  /// The line.
  public internal(set) var editor: LineEditor
  /// Why the last attempt was refused.
  public internal(set) var problem: String?

  /// A prompt that starts with a text.
  init(_ text: String) { editor = LineEditor(text) }

  /// Puts the next preset into the line; the first when it holds none.
  mutating func nextPreset() {
    let presets = HoldModel.presets
    let index = presets.firstIndex(of: editor.text).map { ($0 + 1) % presets.count } ?? 0
    self = HoldPrompt(presets[index])
  }
}

/// Something that really happened to the held command, or that the person at the keys did.
public struct HeldMoment: Hashable, Sendable {
  /// What.
  public enum Kind: Hashable, Sendable {
    /// The process was started; its number.
    case started(Int32?)
    /// Somebody closed a gate.
    case held(HeldGate)
    /// Somebody opened a gate.
    case released(HeldGate)
    /// A process was seen blocked in write.
    case blocked(ExecStream)
    /// A pump brought bytes; adjacent reads of a stream are one.
    case read(ExecStream, bytes: UInt64)
    /// A pump brought the end.
    case ended(ExecStream)
    /// The process ended.
    case exited(ExitStatus)
    /// The box lost sight of the command.
    case lost
  }

  /// Nanoseconds since the start.
  public let time: UInt64
  /// What.
  public var kind: Kind

  /// Notes a moment.
  public init(time: UInt64, _ kind: Kind) {
    self.time = time
    self.kind = kind
  }

  /// A few words: `exited: exit 0`.
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

  /// What it looks like.
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

/// Something that a dispatcher told its user, adjacent output of a stream as one.
public enum HeldTold: Hashable, Sendable {
  /// Bytes of a stream.
  case output(ExecStream, bytes: UInt64)
  /// An exit, or the answer to a wait.
  case terminal(Announcement)

  /// A line: `stdout, 13 bytes`, `Exit: exit 0`.
  public var words: String {
    switch self {
    case .output(let stream, let bytes): "\(stream.name), \(NumberText.grouped(bytes)) byte\(bytes == 1 ? "" : "s")"
    case .terminal(let announcement): announcement.words
    }
  }
}
