public import ExecEngine
public import ExecModel
import Glibc
import Linux
import SystemPackage

/// A file or folder of the host that a sandbox shows, writable or read-only.
public struct SandboxBind: Hashable, Sendable {
  /// Its absolute path on the host.
  public let source: String
  /// Its absolute path in the sandbox.
  public let target: String
  /// Whether it is read-only.
  public let isReadOnly: Bool

  /// Parses `HOST` or `HOST:BOX`; the last colon followed by a slash separates the two.
  ///
  /// A relative HOST starts in this process's directory.
  ///
  /// - Throws: ``/ExecModel/TextValueError`` for an empty HOST, a BOX that is not absolute, and for the root.
  public init(text: String, isReadOnly: Bool) throws(TextValueError) {
    let (host, box) = Self.parts(of: text)
    guard !host.isEmpty else {
      throw TextValueError("'\(text)' does not name a file or folder to show; use HOST or HOST:BOX")
    }
    guard !text.utf8.contains(0) else { throw TextValueError("a path contains a NUL byte: remove it") }
    source = HostPath.clean(host.hasPrefix("/") ? host : (HostPath.current ?? "") + "/" + host)
    target = box.map(HostPath.clean) ?? source
    guard target != "/" else {
      throw TextValueError("'\(text)' would replace the sandbox's whole tree: name a folder in it")
    }
    self.isReadOnly = isReadOnly
  }

  /// Makes a bind from normalized paths.
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

  /// The path on the host of a path in the sandbox.
  func hostPath(of path: String) -> String { source + path.dropFirst(target.count) }

  /// The arguments for bubblewrap.
  var words: [String] { [isReadOnly ? "--ro-bind" : "--bind", source, target] }
}

/// What a sandbox has in addition to the plain sandbox.
public struct SandboxOptions: Hashable, Sendable {
  /// Files and folders of the host to show, in order; a later one covers an earlier one.
  public var binds: [SandboxBind]
  /// Whether it shares the host's network.
  public var hasNetwork: Bool
  /// Its resource limits.
  public var limits: BoxLimits

  /// Makes options; the defaults are those of the plain sandbox.
  public init(binds: [SandboxBind] = [], hasNetwork: Bool = false, limits: BoxLimits = BoxLimits()) {
    self.binds = binds
    self.hasNetwork = hasNetwork
    self.limits = limits
  }

  /// These options with others added: their binds follow, their limits override.
  public func adding(_ other: SandboxOptions) -> SandboxOptions {
    SandboxOptions(
      binds: binds + other.binds, hasNetwork: hasNetwork || other.hasNetwork, limits: limits.replacing(other.limits))
  }

  /// Checks the options against the host before anything is started.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` for a bind whose source is missing, or whose mount point cannot be made.
  public func check() throws(BoxError) { _ = try SandboxView(self, .inherited()) }
}

/// A running bubblewrap sandbox, seen from outside.
///
/// Its session contains the monitor (the spawned process), the first process of the new process namespace, which is
/// bubblewrap too, and the command with its descendants. A signal such as TERM to the monitor's group kills the
/// monitor, and everything else with it (``ProcessLeader``), before the command's handler has run.
struct Sandbox {
  /// The spawned process; its ID is also its session ID and its process group ID.
  let monitor: Int32

  /// Signals the command and its descendants; nil when the signal must be sent to the monitor's group as a whole.
  ///
  /// That is the case for KILL, which cannot be handled, and before the command exists, when it cannot have a handler.
  /// Otherwise the processes of the session are signalled, not those of the group: an interactive shell or `timeout`
  /// moves to a group of its own, and the rest of the group would be the monitor.
  func signal(_ signal: Signal) -> Int32? {
    guard signal != .kill else { return nil }
    // A stop sent before the command existed also stopped bubblewrap, which then would never report the end.
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

  /// The handle pins the process; reading its session again then proves that it is still the process that was found.
  private static func send(_ signal: Signal, to identifier: Int32, in session: Int32) -> Int32 {
    do throws(Errno) {
      let handle = try ProcessHandle(of: identifier)
      guard ProcessDirectory(processIdentifier: identifier).family()?.session == session else { return ESRCH }
      return handle.signal(signal.number)?.rawValue ?? 0
    } catch { return error.rawValue }
  }
}

/// The arguments of a bubblewrap call.
struct SandboxArguments {
  /// The host name inside.
  var host = "boxwatch"
  /// Whether it ends with the thread that makes it.
  var endsWithMaker = true
  /// How its privileges are removed.
  let confinement: Confinement
  /// The descriptor from which its system call filter is read.
  var filter: Int32 = 3
  /// Its view of the host.
  let view: SandboxView
  /// The part of the view that is already mounted; bubblewrap is then started in its namespace.
  var tree: PreparedTree?
  /// Whether it shares the host's network.
  var hasNetwork = false
  /// The command's working directory inside.
  let directory: String
  /// Variables set only inside: on bubblewrap itself they could change its behaviour.
  let variables: [EnvironmentVariable]
  let command: [String]

  /// A terminal belongs to the sandbox alone, and a command over pipes has none (the session is new), so
  /// `--new-session` is not needed; it would disable job control and Ctrl-C.
  private static let sandbox = ["bwrap", "--unshare-all"]

  /// Why a sandbox cannot run commands as another user: its user namespace maps only the current user
  /// (user_namespaces(7)).
  static func userRefusal(_ name: String) -> String {
    "the box '\(name)' is a sandbox in which only the user who runs boxwatch exists: use a container for another"
  }

  /// All arguments, `bwrap` first.
  var words: [String] {
    let end = endsWithMaker ? ["--die-with-parent"] : []
    let filter = ["--seccomp", String(filter)]
    let network = hasNetwork ? ["--share-net"] : []
    let set = variables.flatMap { ["--setenv", $0.name, $0.value] }
    let own = confinement.words + filter + end + network + ["--hostname", host] + view.words(on: tree)
    return Self.sandbox + own + ["--chdir", directory] + set + ["--"] + command
  }
}
