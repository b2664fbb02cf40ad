import ArgumentParser
import BoxLiteClient
import Console
import ContainerBoxes
import ExecModel
import Glibc
import Headless
import Instances
import Jobs
import Journal

/// `boxwatch attach`: attaches to an execution of another boxwatch or a BoxLite server, running or
/// over.
struct AttachCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attach",
    abstract: "Watch an execution of another boxwatch from its first byte, one on a BoxLite server, or a container.",
    discussion: """
      In a terminal it opens the monitor on it, or on several; without an ID, the list of all there are to choose from.

      Without a terminal it passes the bytes through as boxwatch run --headless does, sends its input, and ends with \
      the command's exit status (125 when its boxwatch died before the end). When you leave it, also with Ctrl-C, the command keeps \
      running. Any number may watch; one at a time may write.

      Of a container it shows the main process, with --execs also what others run in it (docker exec, podman exec), as it \
      starts; docker:CONTAINER/EXEC names one of these. Podman's output is read from the attach on; Docker sends it to \
      no other client, so that only the command, its end and its exit code are seen.
      """)

  @Argument(
    help: ArgumentHelp(
      "Identifiers or names (boxwatch ls lists them), boxlite://HOST:PORT/BOX/EXECUTION, or docker:CONTAINER[/EXEC].",
      valueName: "id"))
  var executions: [String] = []

  @Flag(name: .customLong("no-stdin"), help: "Only watch: send no input.")
  var noStdin = false

  @Flag(help: "Of a container, also show the commands that others run in it; without a screen with --json only.")
  var execs = false

  @Option(
    help: ArgumentHelp("The BoxLite server's key (default: $BOXLITE_API_KEY).", valueName: "key"))
  var apiKey: String?

  @OptionGroup(title: "Without a screen") var headless: HeadlessOptions
  @OptionGroup(title: "Screen") var screen: ScreenOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if headless.json, headless.tag || headless.timestamps {
      throw ValidationError(
        "--json already has the stream and the time of everything: leave out --tag and --timestamps")
    }
    if apiKey == "" { throw ValidationError("--api-key is empty") }
    if execs, !executions.contains(where: ContainerTarget.claims) {
      throw ValidationError("--execs is for containers: name docker:CONTAINER or podman:CONTAINER")
    }
    for execution in executions {
      if BoxLiteTarget.isMeant(by: execution) { _ = try attachment(execution, key: nil) }
      if ContainerTarget.claims(execution) { _ = try container(execution) }
    }
  }

  /// A container's main process, or an exec of another client in it.
  private func container(_ text: String) throws -> any AttachableBox {
    do throws(TextValueError) {
      let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      let (engine, name) = try running(String(parts[0]), of: text)
      guard parts.count > 1 else { return ContainerAttachment(engine, container: name) }
      guard !parts[1].isEmpty, parts[1].allSatisfy({ $0.isHexDigit && $0.isASCII }) else {
        throw TextValueError("'\(text)' does not name a command in a container; use \(parts[0])/IDENTIFIER")
      }
      return ExecAttachment(engine, container: name, exec: String(parts[1]))
    } catch {
      throw ValidationError(error.description)
    }
  }

  private func running(_ text: String, of whole: String) throws(TextValueError) -> (EngineAccess, String) {
    let target = try ContainerTarget(text: text)
    guard case .container(let name) = target.place, target.user == nil else {
      throw TextValueError("'\(whole)' is not an execution of a container; use docker:CONTAINER or podman:CONTAINER")
    }
    return (EngineAccess(target.engine), name)
  }

  /// The watches for other clients' execs, if requested.
  private func watches() throws -> [ExecWatch] {
    guard execs else { return [] }
    return try executions.filter { ContainerTarget.claims($0) && !$0.contains("/") }.map { text in
      do throws(TextValueError) {
        let (engine, name) = try running(text, of: text)
        return ExecWatch(engine, container: name)
      } catch {
        throw ValidationError(error.description)
      }
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
    Secrets.hide(apiKey)
    let key = try apiKey ?? KeySource.standard.key()
    let requests = try executions.map { try request($0, key) }
    let watches = try watches()
    if headless.isChosen || !Terminal.takesMonitor() {
      guard let request = requests.first else {
        throw ValidationError("without a terminal there is no list to choose from: name an ID")
      }
      guard requests.count == 1 else {
        throw ValidationError("without a terminal the bytes of one pass through: name one ID, or use a terminal")
      }
      guard watches.isEmpty || headless.json else {
        throw ValidationError("without a terminal the bytes of one pass through: --execs needs --json")
      }
      throw ExitCode(try runHeadless(request, watches))
    }
    let session = try Session(common, screen)
    let plan = MonitorPlan(
      attaching: requests + watches.map(AttachRequest.execs), allowsInput: !noStdin, isPicking: requests.isEmpty)
    throw ExitCode(try MainActor.assumeIsolated { try Monitor(session).run(plan) })
  }

  private func request(_ execution: String, _ key: String?) throws -> AttachRequest {
    if BoxLiteTarget.isMeant(by: execution) { return .remote(try attachment(execution, key: key)) }
    if ContainerTarget.claims(execution) { return .remote(try container(execution)) }
    let found = try ExecutionFinder().find(execution)
    return found.isUnrecorded ? .remote(try found.attachment(allowsInput: !noStdin)) : .local(found)
  }

  private func runHeadless(_ request: AttachRequest, _ watches: [ExecWatch]) throws -> Int32 {
    var recorded: Session?
    // Attached remote executions are recorded here, and pruned like any other.
    defer { recorded?.launcher.pruner.finish() }
    return try AttachRun(headless.format) { writer in
      switch request {
      case .local(let execution): return try AttachSource(execution, InstanceDirectory(), allowsInput: !noStdin)
      case .remote(let attachment):
        let session = try Session(common, screen)
        recorded = session
        var source = try AttachSource(attachment, session.engine, allowsInput: !noStdin)
        source.others = watches.map { OtherExecs($0, session.engine, writer) }
        return source
      case .execs: throw ValidationError("name a container")
      }
    }.run()
  }
}
