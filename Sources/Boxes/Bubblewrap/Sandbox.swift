import CExecShims
public import ExecEngine
public import ExecModel
import Glibc

/// A file or folder of the host that a sandbox shows, writable or not.
public struct SandboxBind: Hashable, Sendable, Codable {
  /// Where it is on the host, absolute.
  public let source: String
  /// Where the sandbox shows it, absolute.
  public let target: String
  /// Whether it can only be read.
  public let isReadOnly: Bool

  /// Reads `HOST` or `HOST:BOX`; the last colon that a slash follows parts the two.
  ///
  /// A relative HOST starts in this process's directory.
  ///
  /// - Throws: ``/ExecModel/TextValueError`` for an empty HOST, a BOX that is not absolute, and for the root.
  public init(text: String, isReadOnly: Bool) throws(TextValueError) {
    let (host, box) = Self.parts(of: text)
    guard !host.isEmpty else { throw TextValueError("'\(text)' names nothing to show: write HOST or HOST:BOX") }
    guard !text.utf8.contains(0) else { throw TextValueError("a path holds a NUL byte: remove it") }
    source = HostPath.clean(host.hasPrefix("/") ? host : (HostPath.current ?? "") + "/" + host)
    target = box.map(HostPath.clean) ?? source
    guard target != "/" else {
      throw TextValueError("'\(text)' would replace the sandbox's whole tree: name a folder in it")
    }
    self.isReadOnly = isReadOnly
  }

  /// Makes one of clean paths.
  init(source: String, target: String, isReadOnly: Bool) {
    self.source = source
    self.target = target
    self.isReadOnly = isReadOnly
  }

  private static func parts(of text: String) -> (host: String, box: String?) {
    let bytes = Array(text.utf8)
    for index in bytes.indices.dropLast().reversed()
    where bytes[index] == UInt8(ascii: ":") && bytes[index + 1] == UInt8(ascii: "/") {
      return (String(decoding: bytes[..<index], as: UTF8.self), String(decoding: bytes[(index + 1)...], as: UTF8.self))
    }
    return (text, nil)
  }

  /// Where a path of the sandbox lies on the host.
  func hostPath(of path: String) -> String { source + path.dropFirst(target.count) }

  /// bubblewrap's words for it.
  var words: [String] { [isReadOnly ? "--ro-bind" : "--bind", source, target] }
}

/// What a sandbox has beyond what every sandbox sees.
public struct SandboxOptions: Hashable, Sendable, Codable {
  /// What of the host it shows besides, in order; a later one lies over an earlier one.
  public var binds: [SandboxBind]
  /// Whether it has the host's network.
  public var hasNetwork: Bool
  /// What bounds it.
  public var limits: BoxLimits

  /// Makes options; without arguments those of the plain sandbox.
  public init(binds: [SandboxBind] = [], hasNetwork: Bool = false, limits: BoxLimits = BoxLimits()) {
    self.binds = binds
    self.hasNetwork = hasNetwork
    self.limits = limits
  }

  /// These with more on top: their binds come after, their limits win.
  public func adding(_ other: SandboxOptions) -> SandboxOptions {
    SandboxOptions(
      binds: binds + other.binds, hasNetwork: hasNetwork || other.hasNetwork, limits: limits.replacing(other.limits))
  }

  /// Looks at what is on the host before anything is started.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` for a bind whose source is missing, or whose place cannot be made.
  public func check() throws(BoxError) { _ = try SandboxView(self, .inherited()) }
}

/// A running bubblewrap sandbox, seen from outside.
///
/// Its session holds the monitor (the process that was spawned), the first process of the new process namespace,
/// which is bubblewrap too, and the command with its descendants. A polite signal to the monitor's group kills
/// the monitor, and everything else with it (``ProcessLeader``), before the command's own handler has run.
struct Sandbox {
  /// The spawned process, whose number is also its session's and its group's.
  let monitor: Int32

  /// Signals the command and its descendants; nil when the signal is for the monitor's group as a whole.
  ///
  /// That is so for KILL, which cannot be handled, and before the command exists: it could have no handler yet either.
  /// Otherwise the processes of the session are signalled, not those of the group: an interactive shell or `timeout`
  /// moves to a group of its own, and the rest would be the monitor.
  func signal(_ signal: Signal) -> Int32? {
    guard signal != .kill else { return nil }
    // Before the command existed a stop went to bubblewrap too, which then would never report the end.
    if signal.number == SIGCONT { kill(-monitor, SIGCONT) }
    let answers = members().map { Self.send(signal, to: $0, in: monitor) }
    guard !answers.isEmpty else { return nil }
    return answers.contains(0) ? 0 : answers[0]
  }

  private func members() -> [Int32] {
    ProcessDirectory.all().filter { identifier in
      guard identifier != monitor, let family = ProcessDirectory(processIdentifier: identifier).family() else {
        return false
      }
      return family.session == monitor && !isFirst(identifier, parent: family.parent)
    }
  }

  private func isFirst(_ identifier: Int32, parent: Int32) -> Bool {
    parent == monitor && ProcessDirectory(processIdentifier: identifier).innermostIdentifier() == 1
  }

  /// A pidfd pins the process; asking for its session again then proves that it is still the one that was found.
  private static func send(_ signal: Signal, to identifier: Int32, in session: Int32) -> Int32 {
    let descriptor = cexec_pidfd_open(identifier)
    guard descriptor >= 0 else { return -descriptor }
    defer { close(descriptor) }
    guard ProcessDirectory(processIdentifier: identifier).family()?.session == session else { return ESRCH }
    return cexec_pidfd_signal(descriptor, signal.number)
  }
}

/// The words of a bubblewrap call.
struct SandboxArguments {
  /// What the sandbox is called inside.
  var host = "boxwatch"
  /// Whether it ends with the thread that makes it.
  var endsWithMaker = true
  /// How far its privileges are taken away.
  let confinement: Confinement
  /// The descriptor that its filter of system calls is read from.
  var filter: Int32 = 3
  /// What it sees of the host.
  let view: SandboxView
  /// What of that is mounted already; bubblewrap is then started in its namespace.
  var tree: PreparedTree?
  /// Whether it has the host's network.
  var hasNetwork = false
  /// Where the command starts, inside.
  let directory: String
  /// Variables set inside only: on bubblewrap itself they could change how it runs.
  let variables: [EnvironmentVariable]
  /// The command and its arguments.
  let command: [String]

  /// A terminal belongs to the sandbox alone, and a pipe's command has none (the session is new), so that
  /// `--new-session` has nothing to protect and would take job control and Ctrl-C away.
  private static let sandbox = ["bwrap", "--unshare-all"]

  /// Why a sandbox runs commands as nobody else: its user namespace maps one user, ours (user_namespaces(7)).
  static func userRefusal(_ name: String) -> String {
    "the box '\(name)' is a sandbox with one user only, the one who runs boxwatch: use a container for another"
  }

  /// All of them, `bwrap` first.
  var words: [String] {
    let end = endsWithMaker ? ["--die-with-parent"] : []
    let filter = ["--seccomp", String(filter)]
    let network = hasNetwork ? ["--share-net"] : []
    let set = variables.flatMap { ["--setenv", $0.name, $0.value] }
    let own = confinement.words + filter + end + network + ["--hostname", host] + view.words(on: tree)
    return Self.sandbox + own + ["--chdir", directory] + set + ["--"] + command
  }
}
