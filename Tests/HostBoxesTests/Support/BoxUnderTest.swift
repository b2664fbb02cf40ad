import ContainerBoxes
import ExecEngine
import Glibc
import Testing

@testable import HostBoxes

/// A box that the conformance suite runs over, and where its nature shows.
struct BoxUnderTest: Sendable, CustomTestStringConvertible {
  let box: any Box
  /// Whether a command that cannot start is a start failure, and not an exit status of the client's.
  var tellsStartFailures = true
  /// Whether the box ends with the command, and its descendants with it.
  var endsWithCommand = false

  /// Whether an engine stands between, with its own ways at the ends: it closes streams that others hold, buffers
  /// input, and gives a terminal no other input than the terminal.
  var isContainer = false

  var testDescription: String { box.name }

  static let local = BoxUnderTest(box: LocalBox())
  static let sandbox: BubblewrapBox = {
    // The thread sanitizer does not follow the clone(2) in which a prepared tree is entered.
    if KeptFixture.isSanitized { PreparedTrees.shared.giveUp() }
    return BubblewrapBox(options: scratch)
  }()
  static let sandboxProblem = sandbox.problem()

  /// Shows the tests' files, which no sandbox sees otherwise.
  static let scratch = SandboxOptions(
    binds: [try? SandboxBind(text: "/var/tmp", isReadOnly: true)].compactMap { $0 })

  /// Words passed on as words, and words joined to a line for a shell as ssh does.
  static let prefixes = [
    BoxUnderTest(box: CommandBox(name: "env", prefix: ["env", "--"]), tellsStartFailures: false),
    BoxUnderTest(
      box: CommandBox(name: "joined", prefix: ["sh", "-c", #"eval "exec $*""#, "ssh"], quoting: .shell),
      tellsStartFailures: false),
  ]

  /// A throw-away sandbox with everything that one can have, limits where this machine has them.
  static let roomy: BoxUnderTest = {
    var options = scratch.adding(SandboxOptions(hasNetwork: true))
    if let bind = try? SandboxBind(text: "/usr:/tmp/usr", isReadOnly: true) { options.binds.append(bind) }
    let limits = BoxLimits(memory: 1 << 30, milliProcessors: 4000, processes: 500)
    let bounded = BubblewrapBox(name: "roomy", options: options.adding(SandboxOptions(limits: limits)))
    return BoxUnderTest(
      box: bounded.problem() == nil && !KeptFixture.isSanitized
        ? bounded : BubblewrapBox(name: "roomy", options: options), endsWithCommand: true)
  }()

  /// Why there is no kept box.
  static let keptProblem: String? = KeptFixture.shared.problem

  private static let sandboxes: [BoxUnderTest] =
    sandboxProblem == nil
    ? [BoxUnderTest(box: sandbox, endsWithCommand: true), roomy]
      + (KeptFixture.shared.box.map { [BoxUnderTest(box: $0)] } ?? [])
    : []

  /// The test engines of `.ci/engines`, as far as the environment names their sockets.
  static let containers = EngineKind.allCases.compactMap { kind in
    socket(of: kind).map { path in
      BoxUnderTest(
        box: ContainerBox(EngineAccess(kind, at: .unix(path)), container: "boxwatch-conformance"), isContainer: true)
    }
  }

  static func socket(of kind: EngineKind) -> String? {
    getenv("BOXWATCH_TEST_" + kind.rawValue.uppercased()).map { String(cString: $0) }
  }

  static let all = [local] + sandboxes + prefixes + containers
}
