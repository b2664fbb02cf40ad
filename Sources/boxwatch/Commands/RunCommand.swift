import ArgumentParser
import Console
import ExecModel
import Glibc
import Headless
import Instances
import SystemPackage

/// `boxwatch run`: runs one or more commands, on the screen or headless.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run commands and watch them to their last byte.",
    discussion: """
      Ends with the command's exit status: 128+N for a signal, 124 when the time limit was up, 126 or 127 when it could \
      not start, 125 for a failure of boxwatch's own. Separate several commands by ---.

      With --detach it prints an identifier for each command and ends when they run; attach, logs, wait and kill take it. \
      Commands read end of file then, unless --stdin pipe lets an attached boxwatch write.
      """)

  @OptionGroup(title: "What to run") var options: RunOptions
  @OptionGroup(title: "Sandbox (--box bwrap)") var sandbox: SandboxFlags
  @OptionGroup(title: "Without a screen") var headless: HeadlessOptions
  @Flag(
    name: [.customLong("detach"), .customShort("d")],
    help: "Run in the background; print an identifier for each command.")
  var detach = false

  @OptionGroup(title: "Screen") var screen: ScreenOptions
  @OptionGroup var common: CommonOptions

  @Argument(parsing: .postTerminator, help: ArgumentHelp("The command, after --.", valueName: "command"))
  var command: [String] = []

  func validate() throws {
    try options.validate(command: command)
    if headless.json, headless.tag || headless.timestamps {
      throw ValidationError(
        "--json already has the stream and the time of everything: leave out --tag and --timestamps")
    }
    if detach, options.jobs != nil {
      throw ValidationError(
        "--detach starts all commands at once, since each gets its identifier: leave --jobs out")
    }
    if detach, headless.isChosen {
      throw ValidationError(
        "--detach shows no output: leave --headless, --tag, --timestamps and --json to boxwatch logs")
    }
  }

  func run() throws {
    Secrets.hide(options.apiKey)
    if detach { throw ExitCode(try runDetached()) }
    let session = try Session(common, screen, key: options.apiKey)
    let requests = try options.requests(command: command, session.configuration, sandbox.checked())
    let jobs = JobLimit.resolved(options.jobs)
    if let warning = JobLimit.warning(options.jobs, commands: requests.count) { Diagnostics.print(warning) }
    if headless.isChosen || !Terminal.takesMonitor() {
      let run = try HeadlessRun(session.launcher, headless.format, requests, jobs: jobs, InstanceDirectory())
      throw ExitCode(try run.run())
    }
    let plan = MonitorPlan(requests: requests, jobs: jobs)
    throw ExitCode(try MainActor.assumeIsolated { try Monitor(session).run(plan) })
  }

  /// Returns 0 when all commands are running, otherwise the status of the first that could not be
  /// started.
  private func runDetached() throws -> Int32 {
    var options = options
    options.stdin = options.stdin ?? .closed
    let requests = try options.requests(command: command, try Configuration(option: common.config), sandbox.checked())
    let reply = try DetachedStart.run(DetachedOrder(config: common.config, key: options.apiKey, requests))
    for execution in reply.executions { if let error = execution.error { Diagnostics.print(error) } }
    try TextOutput().write(reply.executions.map(\.id))
    return reply.executions.map(\.code).first { $0 != 0 } ?? 0
  }
}

/// The hidden subcommand that `boxwatch run --detach` starts.
struct BackgroundCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: DetachedStart.commandName,
    abstract: "Run the commands that standard input describes, for boxwatch run --detach.",
    shouldDisplay: false)

  func run() throws {
    // Before the first write: the process that started this one may be gone.
    signal(SIGPIPE, SIG_IGN)
    do {
      let order = try DetachedOrder(decoding: try DescriptorBytes.readAll(.standardInput))
      var common = try CommonOptions.parse([])
      common.config = order.config
      let session = try Session(common, try ScreenOptions.parse([]), key: order.key)
      let host = try DetachedHost(session.launcher, InstanceDirectory())
      try host.run(order.requests) { reply in
        try Self.send(reply)
        try Self.detachStandardStreams()
      }
    } catch {
      // The starting process reads it from the reply; afterwards there is no reader.
      let failure = error is Errno ? "cannot start in the background: \(error)" : "\(error)"
      try? Self.send(DetachedReply(failure: failure))
      throw ExitCode(125)
    }
  }

  private static func send(_ reply: DetachedReply) throws {
    try FileDescriptor.standardOutput.writeAll(reply.encoded())
  }

  /// Replaces the standard streams, so that no reader waits for the end of a stream that this
  /// process holds open.
  private static func detachStandardStreams() throws {
    let null = try FileDescriptor.open("/dev/null", .readWrite, options: .closeOnExec)
    for stream in [FileDescriptor.standardInput, .standardOutput, .standardError] { _ = try null.duplicate(as: stream) }
    try null.close()
  }
}
