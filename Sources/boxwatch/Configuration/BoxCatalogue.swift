import Boxes
import BoxwatchUI
import ExecEngine

/// The boxes that can be chosen by name, each made once: a sandbox is tried out once and not for every command.
struct BoxCatalogue: Sendable {
  /// Names that need no configuration.
  static let builtIn = ["local", "bwrap"]

  private let boxes: [String: any Box]
  /// The options of the throw-away sandboxes, which a command line can add to.
  private let sandboxes: [String: SandboxOptions]
  private let configured: [String]
  private let kept: KeptBoxes?

  /// The boxes of a configuration, and those that are kept: looked for at each use, as others make and remove them.
  init(_ configuration: Configuration, kept: KeptBoxes? = nil) {
    configured = Self.builtIn + configuration.boxes.keys.sorted()
    self.kept = kept
    var boxes: [String: any Box] = ["local": LocalBox(), "bwrap": BubblewrapBox()]
    var sandboxes = ["bwrap": SandboxOptions()]
    for (name, box) in configuration.boxes where boxes[name] == nil {
      switch box.kind {
      case .command(let prefix):
        boxes[name] = CommandBox(name: name, prefix: prefix, quoting: box.quotesForShell ? .shell : .none)
      case .sandbox(let options):
        boxes[name] = BubblewrapBox(name: name, options: options)
        sandboxes[name] = options
      }
    }
    self.boxes = boxes
    self.sandboxes = sandboxes
  }

  /// All names, built-in ones first, kept ones last.
  var names: [String] { configured + keptNames.filter { !configured.contains($0) } }

  /// Whether a kept box cannot have a name, as `--box` would mean another.
  static func isTaken(_ name: String, _ configuration: Configuration) -> Bool {
    builtIn.contains(name) || configuration.boxes[name] != nil
  }

  /// What the start prompt offers, the default first.
  func choices(first name: String) -> [BoxChoice] {
    let ordered = names.filter { $0 == name } + names.filter { $0 != name }
    return ordered.compactMap { name in
      guard let can = try? box(named: name).capabilities else { return nil }
      return BoxChoice(
        name: name, hasTerminal: can.contains(.terminal), hasInput: can.contains(.input),
        hasSignals: can.contains(.signals), hasHolders: can.contains(.holders))
    }
  }

  /// The box of a name; a sandbox with more options when there are any.
  ///
  /// - Throws: ``Failure`` that lists the names there are, or says why the options are not for this box.
  func box(named name: String, adding options: SandboxOptions = SandboxOptions()) throws -> any Box {
    guard options != SandboxOptions() else { return try plain(name) }
    guard let own = sandboxes[name] else {
      _ = try plain(name)
      throw Failure(
        "--bind, --ro-bind, --net, --memory, --cpus and --pids are for a throw-away sandbox (--box bwrap), and '\(name)' is none"
      )
    }
    return BubblewrapBox(name: name, options: own.adding(options))
  }

  private func plain(_ name: String) throws -> any Box {
    if let box = boxes[name] {
      guard !keptNames.contains(name) else {
        throw Failure(
          "'\(name)' is a box of the configuration and a kept box: rename one, or remove it with boxwatch box rm")
      }
      return box
    }
    if let box = try keptBox(name) { return box }
    throw Failure("there is no box '\(name)': there are \(names.joined(separator: ", "))")
  }

  private func keptBox(_ name: String) throws -> KeptBox? {
    do {
      return try kept?.box(named: name)
    } catch {
      throw Failure(error.description)
    }
  }

  /// None when their folder cannot be read: `boxwatch boxes` says why.
  private var keptNames: [String] { (try? kept?.names()) ?? [] }
}
