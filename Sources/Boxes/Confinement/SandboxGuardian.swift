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

  /// Its number; 0 when there is none.
  var process: Int32 { state.withLock { $0.process } }

  /// Has a process group killed when this process ends; no process of it has started anything yet.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when the guardian cannot be started.
  func watch(_ group: Int32) throws(BoxError) {
    try state.withLock { state throws(BoxError) in
      state.groups.insert(group)
      if let socket = state.socket, Self.send("+ \(group)\n", to: socket) { return }
      do throws(BoxError) { try Self.replace(&state) } catch {
        state.groups.remove(group)
        throw error
      }
    }
  }

  /// Forgets a group whose number becomes free; all of it was killed before.
  ///
  /// A guardian that cannot be told would kill a stranger's group by that number later, so that another takes its place.
  /// Should that fail, the next sandbox starts one, or is refused.
  func forget(_ group: Int32) {
    state.withLock { state in
      guard state.groups.remove(group) != nil, let socket = state.socket else { return }
      if !Self.send("- \(group)\n", to: socket) { try? Self.replace(&state) }
    }
  }

  /// Starts a guardian, also in the place of one that was killed, is stopped or too slow, and names it all groups.
  private static func replace(_ state: inout State) throws(BoxError) {
    end(&state)
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
    // One message: a line each would fill the socket before the shell reads.
    guard send(state.groups.map { "+ \($0)\n" }.joined(), to: own) else {
      end(&state)
      throw failure("its socket", EAGAIN)
    }
  }

  /// Kills the guardian before its socket is closed: at the end of the socket it would kill all groups that it knows.
  private static func end(_ state: inout State) {
    if state.process > 0 {
      kill(state.process, SIGKILL)
      while waitpid(state.process, nil, 0) < 0, errno == EINTR {}
    }
    state.process = 0
    state.socket = nil
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
