public import ExecEngine
public import ExecModel
import NIOCore
import Synchronization

/// A container or image as the user writes it: `docker:web`, `podman:user@web`,
/// `docker-image:alpine`.
public struct ContainerTarget: Hashable, Sendable, CustomStringConvertible {
  /// Whether it is a container or an image.
  public enum Place: Hashable, Sendable {
    /// A container, by name or identifier.
    case container(String)
    /// An image, from which a throw-away container is created.
    case image(String)
  }

  /// The engine.
  public var engine: EngineKind
  /// The container or image.
  public var place: Place
  /// The user that commands run as; the image's default when nil.
  public var user: String?

  /// Parses a target.
  ///
  /// - Throws: ``/ExecModel/TextValueError`` that says what to write.
  public init(text: String) throws(TextValueError) {
    guard let colon = text.firstIndex(of: ":"), let (engine, isImage) = Self.kinds[String(text[..<colon])] else {
      throw TextValueError(
        "'\(text)' does not name a container; use docker:CONTAINER, podman:CONTAINER or docker-image:IMAGE")
    }
    self.engine = engine
    var name = String(text[text.index(after: colon)...])
    // An image's name may contain an @, before its digest; a container's may not.
    if !isImage, let at = name.firstIndex(of: "@") {
      user = String(name[..<at])
      name = String(name[name.index(after: at)...])
    }
    guard Self.isName(name, isImage: isImage), user?.isEmpty != true else {
      throw TextValueError("'\(text)' does not name \(isImage ? "an image" : "a container"); use \(text[...colon])NAME")
    }
    place = isImage ? .image(name) : .container(name)
  }

  /// Whether a box's name is meant as a target, valid or not.
  public static func claims(_ text: String) -> Bool {
    text.firstIndex(of: ":").map { kinds[String(text[..<$0])] != nil } ?? false
  }

  private static let kinds: [String: (EngineKind, isImage: Bool)] = [
    "docker": (.docker, false), "podman": (.podman, false), "docker-image": (.docker, true),
    "podman-image": (.podman, true),
  ]

  /// A container's name consists of letters, digits and `_.-`; an image's also has a path, a tag
  /// and a digest.
  private static func isName(_ name: String, isImage: Bool) -> Bool {
    guard let first = name.utf8.first, isWord(first) else { return false }
    let others = isImage ? "_.-/:@" : "_.-"
    return name.utf8.allSatisfy { isWord($0) || others.utf8.contains($0) }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }

  /// The target as ``init(text:)`` reads it.
  public var description: String {
    switch place {
    case .container(let name): engine.rawValue + ":" + (user.map { $0 + "@" } ?? "") + name
    case .image(let name): engine.rawValue + "-image:" + name
    }
  }
}

/// Runs commands in a running container, through the Docker API of Docker or Podman.
public struct ContainerBox: Box {
  /// `docker:CONTAINER` or `podman:CONTAINER`, or the name in the configuration.
  public let name: String
  /// Every capability; stream holders are listed where the engine runs on this host.
  public let capabilities = BoxCapabilities.everything.union(.user)

  /// Commands are the engine's processes.
  public var isElsewhere: Bool { true }

  private let container: String
  private let user: String?
  private let engine: EngineAccess
  private let main = MainProcess()

  /// Creates a box; the engine is not contacted before the first command.
  ///
  /// - Parameters:
  ///   - engine: the engine that runs the container.
  ///   - container: its name or identifier.
  ///   - user: the user of commands that name none; the container's default user when nil.
  ///   - name: the name that selects the box; its address when nil.
  public init(
    _ engine: EngineAccess, container: String, user: String? = nil, name: String? = nil
  ) {
    self.engine = engine
    self.container = container
    self.user = user
    self.name = name ?? engine.kind.rawValue + ":" + container
  }

  /// The usage of the container's control group; nil where the engine is on another host, or the
  /// container is not running.
  public func usage() -> ResourceUsage? { main.usage(of: container, engine) }

  /// Starts a command as an exec, and returns when it has verifiably begun.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when it never ran: `box` when the engine or the container cannot be
  ///   used.
  public func start(
    _ spec: ExecutionSpec, reportingTo sink: any ExecutionSink
  ) throws(BoxError) -> any BoxProcess {
    try WordCheck.check(spec)
    let client = try engine.client()
    let facts = try refusing { () throws(EngineAPIError) in try client.call(client.asked()) }
    let wraps = spec.terminal != nil && !ExecPlan.takesFirstSize(facts)
    do {
      return try start(plan(spec, facts, client, wraps: wraps), client, sink)
    } catch  where wraps && error.failure == .notFound {
      // Without a shell the first size is set a moment late.
      return try start(plan(spec, facts, client, wraps: false), client, sink)
    }
  }

  private func plan(_ spec: ExecutionSpec, _ facts: EngineFacts, _ client: EngineClient, wraps: Bool) -> ExecPlan {
    ExecPlan(
      container: container, spec: spec, user: spec.user ?? user, facts: facts,
      mark: engine.isElsewhere(container, client) ? Self.mark() : nil, wrapsForSize: wraps)
  }

  /// Where the engine is elsewhere, its process numbers are not valid here.
  private static func mark() -> EnvironmentVariable {
    EnvironmentVariable(name: "BOXWATCH_EXEC", value: String(UInt64.random(in: .min ... .max), radix: 36))
  }

  private func start(
    _ plan: ExecPlan, _ client: EngineClient, _ sink: any ExecutionSink
  ) throws(BoxError) -> any BoxProcess {
    let file = try InputFile.open(for: plan.spec)
    let identifier = try refusing { () throws(EngineAPIError) in
      try client.call(client.createExec(container, plan.creation))
    }
    let shared = ExecShared()
    let session = try SessionStart.wait(on: client.loop) {
      let session = ExecSession(client, plan, identifier: identifier, sink: sink, shared: shared)
      session.start(file: file.map { InputFile($0.descriptor, path: $0.path) })
      return (session, session.begun.futureResult)
    }
    if plan.facts.kind == .podman { engine.delay.started() }
    let route = SignalRoute(client: client, container: container, mark: plan.mark)
    return ContainerProcess(session, on: client.loop, shared, route)
  }

  /// Converts an engine's error, adding the container's name where the engine does not mention it.
  private func refusing<Answer>(_ body: () throws(EngineAPIError) -> Answer) throws(BoxError) -> Answer {
    do throws(EngineAPIError) { return try body() } catch {
      let text = error.description.contains(container) || !error.isRefusal ? "" : "container '\(container)': "
      throw BoxError(.box, text + error.description)
    }
  }
}

/// The state that an exec's session shares with the callers of its process.
final class ExecShared: Sendable {
  /// Whether the exec is over or released.
  let isOver = Mutex(false)
  private let found = Mutex<HostProcess?>(nil)

  /// The process on this host; nil when the engine is on another host.
  var process: HostProcess? { found.withLock { $0 } }

  /// Records the process number that the engine reported.
  func found(_ number: Int32, container: String) {
    let process = HostProcess(number, container: container)
    found.withLock { $0 = process }
  }
}
