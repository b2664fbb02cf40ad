import ArgumentParser
import BoxLiteClient
import ContainerBoxes
import ExecModel
import Glibc

/// `boxwatch attach`: watches an execution that another boxwatch or a BoxLite server runs, or that is over.
struct AttachCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attach",
    abstract: "Watch an execution of another boxwatch from its first byte, one on a BoxLite server, or a container.",
    discussion: """
      In a terminal it opens the monitor on it, or on several; without an ID, the list of all there are to choose from.

      Without a terminal it passes the bytes through as boxwatch run --headless does, sends it what it reads, and ends with \
      the command's exit status (125 when its boxwatch died before the end). Leaving it, also by Ctrl-C, lets the command go \
      on. Any number may watch; one at a time may write.
      """)

  @Argument(
    help: ArgumentHelp(
      "Identifiers or names (boxwatch ls lists them), boxlite://HOST:PORT/BOX/EXECUTION, or docker:CONTAINER.",
      valueName: "id"))
  var executions: [String] = []

  @Flag(name: .customLong("no-stdin"), help: "Only watch: send it nothing.")
  var noStdin = false

  @Option(
    help: ArgumentHelp("The BoxLite server's key (default: $BOXLITE_API_KEY).", valueName: "key"))
  var apiKey: String?

  @OptionGroup(title: "Without a screen") var headless: HeadlessOptions
  @OptionGroup(title: "Screen") var screen: ScreenOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if headless.json, headless.tag || headless.timestamps {
      throw ValidationError(
        "--json already has the stream and the time of everything: leave --tag and --timestamps out")
    }
    if apiKey == "" { throw ValidationError("--api-key is empty") }
    for execution in executions {
      if BoxLiteTarget.isMeant(by: execution) { _ = try attachment(execution, key: nil) }
      if ContainerTarget.claims(execution) { _ = try container(execution) }
    }
  }

  private func container(_ text: String) throws -> ContainerAttachment {
    do throws(TextValueError) {
      let target = try ContainerTarget(text: text)
      guard case .container(let name) = target.place, target.user == nil else {
        throw TextValueError("'\(text)' is nothing that runs: write docker:CONTAINER or podman:CONTAINER")
      }
      return ContainerAttachment(EngineAccess(target.engine), container: name)
    } catch {
      throw ValidationError(error.description)
    }
  }

  private func attachment(_ text: String, key: String?) throws -> BoxLiteAttachment {
    do throws(TextValueError) {
      return try BoxLiteAttachment(target: try BoxLiteTarget(text: text), key: key, allowsInput: !noStdin)
    } catch {
      throw ValidationError(error.description)
    }
  }

  func run() throws {
    Secrets.take()
    let key = try apiKey ?? KeySource.standard.key()
    let requests = try executions.map { try request($0, key) }
    if headless.isChosen || !Terminal.isInteractive {
      guard let request = requests.first else {
        throw ValidationError("without a terminal there is nothing to choose with: name an ID")
      }
      guard requests.count == 1 else {
        throw ValidationError("without a terminal the bytes of one pass through: name one ID, or use a terminal")
      }
      throw ExitCode(try runHeadless(request))
    }
    let (session, allowsInput) = (try Session(common, screen), !noStdin)
    throw ExitCode(
      try MainActor.assumeIsolated {
        try Monitor(session).run(
          [], attaching: requests, allowsInput: allowsInput, isPicking: requests.isEmpty)
      })
  }

  private func request(_ execution: String, _ key: String?) throws -> AttachRequest {
    if BoxLiteTarget.isMeant(by: execution) { return .remote(try attachment(execution, key: key)) }
    if ContainerTarget.claims(execution) { return .remote(try container(execution)) }
    return .local(try ExecutionFinder().find(execution))
  }

  private func runHeadless(_ request: AttachRequest) throws -> Int32 {
    try AttachRun(headless.format) {
      switch request {
      case .local(let execution): try AttachSource(execution, allowsInput: !noStdin)
      case .remote(let attachment): try AttachSource(attachment, Session(common, screen), allowsInput: !noStdin)
      }
    }.run()
  }
}
