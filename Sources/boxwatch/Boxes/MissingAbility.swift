import BoxLiteClient
import BoxwatchUI
import ContainerBoxes
import ExecEngine
import HostBoxes

/// Why a box lacks an ability, as a clause for the user.
struct MissingAbility {
  /// The kind of place of a box, as far as the reasons differ.
  private enum Place {
    case local, sandbox, kept, container, image, server, prefix
  }

  private let box: any Box
  private let place: Place

  init(of box: any Box) {
    self.box = box
    place =
      switch box {
      case is BubblewrapBox: .sandbox
      case is KeptBox: .kept
      case is ContainerBox: .container
      case is ImageBox: .image
      case is BoxLiteBox: .server
      case is CommandBox: .prefix
      default: .local
      }
  }

  /// Every missing ability, with the reason.
  var reasons: [BoxAbility: String] {
    let missing = BoxAbility.allCases.filter { !box.capabilities.contains($0.capability) }
    return Dictionary(uniqueKeysWithValues: missing.map { ($0, reason($0)) })
  }

  private func reason(_ ability: BoxAbility) -> String {
    switch ability {
    case .terminal: "its back end does not support terminals"
    case .input: "its back end does not support input"
    case .resize: "its back end cannot resize a terminal"
    case .signals: "they reach only the client here, such as ssh, not the processes that it started elsewhere"
    case .holders: place == .server ? "the server's processes cannot be inspected" : "its processes cannot be inspected"
    case .killAll: killAll
    case .reattach: reattach
    case .usage: usage
    }
  }

  private var killAll: String {
    switch place {
    case .local, .sandbox: "a kill reaches the process group; processes that have left it keep running"
    case .kept: "a kill reaches the process group; processes that have left it keep running until the box is removed"
    case .container:
      "a kill reaches the command's process group; processes that have left it keep running in the container"
    case .image: "a kill reaches the command; its other processes end when the container is removed"
    case .server: "which processes a kill reaches depends on the server"
    case .prefix: "a kill reaches the client here; the processes that it started elsewhere may keep running"
    }
  }

  private var reattach: String {
    switch place {
    case .local, .sandbox, .kept, .prefix, .server:
      "its streams are pipes of the boxwatch that starts it: attach works while that boxwatch runs"
    case .container, .image:
      "the engine sends an exec's output only to the boxwatch that starts it: attach works while that boxwatch runs"
    }
  }

  private var usage: String {
    switch place {
    case .local, .sandbox, .kept, .container, .image: "the use of its processes cannot be measured"
    case .server: "the server does not report it"
    case .prefix: "only the client here can be measured"
    }
  }
}

extension BoxAbility {
  /// The capability that corresponds to this ability.
  fileprivate var capability: BoxCapabilities {
    switch self {
    case .terminal: .terminal
    case .input: .input
    case .signals: .signals
    case .resize: .resize
    case .killAll: .killAll
    case .reattach: .reattach
    case .usage: .usage
    case .holders: .holders
    }
  }
}

extension SandboxOptions {
  /// A short description of the options, for a list.
  var words: String {
    let shown = binds.map { ($0.isReadOnly ? "reads " : "writes ") + Self.place($0) }
    return (shown + [hasNetwork ? "network" : "no network"] + limits.words).joined(separator: ", ")
  }

  private static func place(_ bind: SandboxBind) -> String {
    bind.source == bind.target ? bind.source : "\(bind.source) at \(bind.target)"
  }
}

extension BoxLimits {
  /// A short description of each limit.
  fileprivate var words: [String] {
    let memory = memory.map { ["memory \($0 >> 20) MiB"] } ?? []
    let processors = milliProcessors.map { ["processors \(Self.decimal($0))"] } ?? []
    return memory + processors + (processes.map { ["processes \($0)"] } ?? [])
  }

  private static func decimal(_ thousandths: UInt32) -> String {
    var text = String(thousandths / 1000) + "." + String(1000 + thousandths % 1000).dropFirst()
    while text.hasSuffix("0") { text.removeLast() }
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }
}
