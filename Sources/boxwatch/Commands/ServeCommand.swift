import ArgumentParser
import BoxLiteServer
import BoxwatchUI
import Console
import ExecModel
import Glibc

/// `boxwatch serve`: serves BoxLite's REST API for a local box.
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

  @Flag(help: "Serve without a screen. Automatic when stdin or stdout is not a terminal.")
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

  @OptionGroup(title: "Who is answered") var access: KeyOptions
  @OptionGroup(title: "Encryption") var encryption: TLSOptions
  @OptionGroup(title: "Sandbox (--box bwrap)") var sandbox: SandboxFlags
  @OptionGroup var behind: UpstreamOptions
  @OptionGroup(title: "Times and limits") var flags: ServerFlags
  @OptionGroup(title: "Screen") var screen: ScreenOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if headless, tui { throw ValidationError("--headless and --tui exclude each other") }
    if behind.upstream != nil, box != nil {
      throw ValidationError("--box and --upstream exclude each other: the boxes are the other server's")
    }
  }

  func run() throws {
    if tui, !Terminal.isInteractive {
      throw Failure("the monitor needs a terminal: run boxwatch serve --tui in one, or use --headless")
    }
    Secrets.hide(access.apiKey, behind.upstreamKey)
    Secrets.hideMemory()
    var options = ServerConfiguration()
    let session = try Session(common, screen)
    try set(session.configuration.serve + flags.changes, in: &options)
    let key = try access.key(at: listen)
    options.key = key?.key
    options.answersEverybody = access.insecure
    options.tls = try encryption.files()
    options.keep = keep ?? session.configuration.keep
    if let drain { options.drain = drain }
    let upstream = behind.upstream.map { ($0, behind.key) }
    let sandbox = try sandbox.checked()
    let serve = { [options] (tell: @escaping @Sendable (String) -> Void) in
      var options = options
      options.tell = tell
      return try session.serve(box, sandbox, behind: upstream, at: listen, options)
    }
    if let key, key.isNew { Diagnostics.print(key.line) }
    let audience = audience(session, key)
    guard !headless, Terminal.takesMonitor() else {
      throw ExitCode(try ServeRun(session, audience, serve).run())
    }
    throw ExitCode(try MainActor.assumeIsolated { try watch(session, audience, serve) })
  }

  private func audience(_ session: Session, _ key: ServeKey?) -> Audience {
    let place =
      behind.upstream.map { "on the server \($0)" }
      ?? "in box '\(box ?? session.configuration.box)' as \(Audience.user)"
    return Audience(
      address: listen, place: place, keyPlace: key?.place, isOpenToAll: access.insecure,
      isEncrypted: encryption.cert != nil)
  }

  private func set(_ changes: [ServerChange], in options: inout ServerConfiguration) throws {
    do throws(TextValueError) {
      try options.set(changes.map { ($0.setting, $0.text) })
    } catch {
      throw Failure(error.description)
    }
  }

  @MainActor
  private func watch(_ session: Session, _ audience: Audience, _ serve: Serving) throws -> Int32 {
    let monitor = try Monitor(session)
    monitor.watchStarts()
    let mailbox = monitor.mailbox
    let server = try serve { mailbox.post(.notice($0, isError: false)) }
    mailbox.post(.notice(audience.at(server.address).sentence, isError: false))
    return try monitor.run(MonitorPlan(server: server))
  }
}
