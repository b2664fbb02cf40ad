import CExecShims
import ExecEngine
import ExecModel
import Glibc
import Synchronization

/// A small process beside this one that ends the sandboxes of this one when it dies by whatever means.
///
/// `--die-with-parent` is not enough: bubblewrap ties its processes to each other one after the other, and when its outer
/// one is killed in between, the inner one lives on or waits for it for ever. KILL for the whole process group, from
/// outside of the sandbox, reaches all of them at any moment: the kernel makes no process that it would miss. The guardian
/// reads the numbers of the groups from a socket that no other process has, and kills those that are left at its end.
final class SandboxGuardian: Sendable {
  private struct State {
    var groups: Set<Int32> = []
    var socket: OwnedFile?
    var process: Int32 = 0
  }

  /// The one of this process.
  static let shared = SandboxGuardian()

  private let state = Mutex(State())

  private static let script = """
    trap '' HUP INT QUIT TERM PIPE
    groups=' '
    while read -r change group; do
      case $change in
      +) groups="$groups$group " ;;
      -) case $groups in *" $group "*) groups="${groups%% $group *} ${groups#* $group }" ;; esac ;;
      esac
    done
    for group in $groups; do kill -s KILL -- "-$group"; done
    """

  /// Has a process group killed when this process ends; no process of it has started anything yet.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when the guardian cannot be started.
  func watch(_ group: Int32) throws(BoxError) {
    try state.withLock { state throws(BoxError) in
      state.groups.insert(group)
      if let socket = state.socket, Self.send("+ \(group)\n", to: socket) { return }
      do throws(BoxError) { try Self.start(&state) } catch {
        state.groups.remove(group)
        throw error
      }
    }
  }

  /// Forgets a group whose number becomes free; all of it was killed before.
  func forget(_ group: Int32) {
    state.withLock { state in
      guard state.groups.remove(group) != nil, let socket = state.socket else { return }
      _ = Self.send("- \(group)\n", to: socket)
    }
  }

  /// Starts a guardian, also in the place of one that was killed, and names it all groups.
  private static func start(_ state: inout State) throws(BoxError) {
    if state.process > 0 { waitpid(state.process, nil, WNOHANG) }
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw failure("a socket", errno) }
    let (own, its) = (OwnedFile(ends[0]), OwnedFile(ends[1]))
    let output = open("/dev/null", O_WRONLY | O_CLOEXEC)
    guard output >= 0 else { throw failure("/dev/null", errno) }
    let null = OwnedFile(output)
    state.process = try withExtendedLifetime((its, null)) { () throws(BoxError) in
      try ProcessSpawner.spawn(request(), input: its.raw, output: null.raw)
    }
    state.socket = own
    for group in state.groups where !send("+ \(group)\n", to: own) { throw failure("its socket", EPIPE) }
  }

  /// A shell, as every system has one, with nothing of this process's: it is there for as long as that.
  private static func request() throws(BoxError) -> SpawnRequest {
    SpawnRequest(
      path: try ProgramSearch(path: nil, directory: nil).find("sh"), arguments: ["boxwatch-guardian", "-c", script],
      environment: EnvironmentBlock(), directory: "/", input: .closed)
  }

  /// Sends without waiting, and without SIGPIPE.
  private static func send(_ line: String, to socket: OwnedFile) -> Bool {
    let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
    return Glibc.send(socket.raw, line, line.utf8.count, flags) == line.utf8.count
  }

  private static func failure(_ what: String, _ error: Int32) -> BoxError {
    BoxError(.system(error), "cannot start the process that ends sandboxes (\(what)): \(CgroupFile.words(of: error))")
  }
}
