import ExecEngine
import ExecModel
import Glibc
import Linux

/// A bubblewrap sandbox that is being made to persist: it outlives this process once ``keep()`` was called.
///
/// Its keeper, a sleeping process, writes a word when the sandbox is ready, and waits for an answer. Without the answer
/// it ends, and the sandbox with it, so that no sandbox remains without a record.
struct KeptSandbox: ~Copyable {
  /// bubblewrap's process outside.
  let monitor: Int32
  private let answer: Descriptor
  private let word: Descriptor
  private let log: String

  /// How long the sandbox is waited for, in milliseconds.
  private static let patience: Int32 = 20_000

  /// bubblewrap closes descriptors that were not passed to it; its standard streams are `/dev/null`, and its messages
  /// go to a file.
  private static let starter = #"log=$1; shift; exec "$@" 5<&3 3>&1 4<&0 </dev/null >/dev/null 2>"$log""#
  private static let keeper = "echo ready >&3; read word <&4 || exit 1; exec 3>&- 4<&-; exec sleep infinity"

  /// Starts bubblewrap in its own session, within a group.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when the shell or bubblewrap is missing.
  init(
    named name: String, _ options: SandboxOptions, in group: Cgroup, _ environment: EnvironmentBlock, log: String
  ) throws(BoxError) {
    let view = try SandboxView(options, environment)
    var output = try StandardStreams.pipe()
    var input = try StandardStreams.pipe()
    let command = ["sh", "-c", Self.keeper]
    var arguments = SandboxArguments(
      host: name, endsWithMaker: false, confinement: Confinement.known ?? .closedNamespace, filter: 5, view: view,
      hasNetwork: options.hasNetwork, directory: "/", variables: [], command: command
    ).words
    arguments[0] = try SandboxProbe.program(environment)
    let shell = try ProgramSearch(path: environment["PATH"], directory: nil).find("sh")
    let words = ["sh", "-c", Self.starter, "sh", log] + arguments
    let files = try group.openForJoining()
    let request = SpawnRequest(
      path: shell, arguments: words, environment: Self.bare(environment), directory: "/", input: .closed,
      entry: SpawnEntry(groups: files.map(\.raw)), gate: try FilterGate())
    monitor = try withExtendedLifetime(files) { () throws(BoxError) in
      try ProcessSpawner.spawn(request, input: input.reading.raw, output: output.writing.raw)
    }
    answer = output.reading.move()
    word = input.writing.move()
    self.log = log
  }

  /// Waits until the sandbox is ready; returns its first process and its keeper.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` with bubblewrap's message.
  func processes() throws(BoxError) -> (first: ProcessIdentity, keeper: ProcessIdentity) {
    guard isReady(), let first = Self.child(of: monitor), let keeper = Self.child(of: first.processIdentifier) else {
      throw SandboxProbe.refusal(CgroupFile.read(log) ?? "")
    }
    return (first, keeper)
  }

  /// Lets the sandbox outlive this process.
  consuming func keep() {
    _ = "stay\n".withCString { write(word.raw, $0, 5) }
    unlink(log)
  }

  /// Kills the sandbox, as far as it exists.
  consuming func abandon() {
    kill(-monitor, SIGKILL)
    while waitpid(monitor, nil, 0) < 0, errno == EINTR {}
    unlink(log)
  }

  private func isReady() -> Bool {
    guard DescriptorWait.any(readable: [answer.raw], within: Self.patience) else { return false }
    var byte: UInt8 = 0
    return read(answer.raw, &byte, 1) == 1
  }

  /// A long-lived process must not hold secrets of its maker.
  private static func bare(_ environment: EnvironmentBlock) -> EnvironmentBlock {
    EnvironmentBlock().setting(environment["PATH"].map { [EnvironmentVariable(name: "PATH", value: $0)] } ?? [])
  }

  private static func child(of process: Int32) -> ProcessIdentity? {
    ProcessDirectory(processIdentifier: process).children().first.flatMap(ProcessIdentity.init(of:))
  }
}
