import ArgumentParser
import BoxLiteServer
import ExecModel
import Glibc

/// `boxwatch serve`: BoxLite's REST API over a box of ours.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve BoxLite's REST API: clients run commands here, and lose none of their output.",
    discussion: """
      Point a BoxLite SDK at the address. Every box that a client creates runs its commands in the box of --box; every \
      command leaves a journal. In a terminal the monitor shows every command that clients start, and its top line the \
      address and how many clients are attached. Ends on q, Ctrl-C or TERM, and with it the commands that still run.

      Times and limits can also stand in the configuration file, under serve: and without the dashes.
      """)

  @Option(
    help: ArgumentHelp("Where to listen: 127.0.0.1:8100 or unix:PATH.", valueName: "address"),
    transform: { try ListenAddress(text: $0) })
  var listen = ListenAddress.standard

  @Option(help: ArgumentHelp("The key clients must show (default: $BOXWATCH_API_KEY).", valueName: "key"))
  var apiKey: String?

  @Flag(help: "Listen beyond this machine without a key: anybody who reaches the port can run commands.")
  var insecure = false

  @Flag(help: "Serve without a screen. Automatic when stdin or stdout is no terminal.")
  var headless = false

  @Flag(help: "Show the commands in the monitor, or fail where there is no terminal.")
  var tui = false

  @Option(
    help: ArgumentHelp("local, bwrap, docker:NAME, a kept box, or one of the configuration.", valueName: "box"),
    transform: { try BoxName.checked($0) })
  var box: String?

  @Option(
    help: ArgumentHelp(
      "When a held stream is given up: eof, empty or idle=2s,max=10s (the default).", valueName: "policy"),
    transform: { try DrainPolicy(text: $0) })
  var drain: DrainPolicy?

  @Option(
    help: ArgumentHelp("Output kept for each command: 512M, 4G or all.", valueName: "size"),
    transform: { try JournalLimit(text: $0) })
  var keep: JournalLimit?

  @OptionGroup(title: "Sandbox (--box bwrap)") var sandbox: SandboxFlags
  @OptionGroup var behind: UpstreamOptions
  @OptionGroup(title: "Times and limits") var flags: ServerFlags
  @OptionGroup(title: "Screen") var screen: ScreenOptions
  @OptionGroup var common: CommonOptions

  /// The option's key, or else the environment's; an empty one is none.
  private var key: String? {
    [apiKey, Secrets["BOXWATCH_API_KEY"]].compactMap { $0 }.first { !$0.isEmpty }
  }

  func validate() throws {
    if headless, tui { throw ValidationError("--headless and --tui exclude each other") }
    if behind.upstream != nil, box != nil {
      throw ValidationError("--box and --upstream exclude each other: the boxes are the other server's")
    }
    if apiKey == "" { throw ValidationError("--api-key is empty: that would let everybody in") }
    guard listen.isLocal || key != nil || insecure else {
      throw ValidationError(
        """
        \(listen) can be reached from other machines, and whoever reaches it can run commands here: \
        set --api-key or BOXWATCH_API_KEY, or --insecure if that is meant
        """)
    }
  }

  func run() throws {
    if tui, !Terminal.isInteractive {
      throw Failure("the monitor needs a terminal: run boxwatch serve --tui in one, or use --headless")
    }
    var options = ServerConfiguration()
    options.key = key
    let session = try Session(common, screen)
    try set(session.configuration.serve + flags.changes, in: &options)
    options.keep = keep ?? session.configuration.keep
    if let drain { options.drain = drain }
    // The monitor's rows stay for as long as it runs.
    options.forgetsExecutions = headless || !Terminal.isInteractive
    let upstream = behind.upstream.map { ($0, behind.key) }
    let sandbox = try sandbox.checked()
    let serve = { [options] in try session.serve(box, sandbox, behind: upstream, at: listen, options) }
    guard !headless, Terminal.isInteractive else {
      throw ExitCode(try ServeRun(session, serve).run())
    }
    throw ExitCode(try MainActor.assumeIsolated { try watch(session, serve) })
  }

  private func set(_ changes: [ServerChange], in options: inout ServerConfiguration) throws {
    do throws(TextValueError) {
      try options.set(changes.map { ($0.setting, $0.text) })
    } catch {
      throw Failure(error.description)
    }
  }

  @MainActor
  private func watch(_ session: Session, _ serve: () throws -> RESTServer) throws -> Int32 {
    // Before the server's first thread: threads inherit which signals are blocked.
    let monitor = try Monitor(session)
    monitor.watchStarts()
    return try monitor.run([], server: try serve())
  }
}
