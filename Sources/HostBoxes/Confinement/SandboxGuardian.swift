import ExecEngine
import ExecModel
import Glibc
import Linux
import Synchronization

/// A small process that ends the sandboxes of this process when it dies, for whatever reason.
///
/// `--die-with-parent` is not enough: bubblewrap ties its processes to each other one after the other, and when its
/// outer process is killed in between, the inner one continues or waits for it forever. A KILL for the whole process
/// group from outside the sandbox reaches all of them at any moment, including a process being forked. The guardian
/// reads the group IDs from a socket. When the socket ends, it kills the groups that are left and removes their
/// cgroups.
///
/// While a guardian is stopped, a group can end and its ID can be reused by another program. So the guardian also
/// stores the start time of each group's outer process, and does not kill a group when a process with that ID started
/// at another time. The kernel assigns no process an ID that is still in use as a group ID.
final class SandboxGuardian: Sendable {
  /// The data sent to the guardian about a group.
  private struct Watched {
    /// The group's slot in the guardian's list; slots are reused, so that the list does not grow with each sandbox.
    let slot: Int
    let start: UInt64
    let folders: [String]
  }

  private struct State {
    var groups: [Int32: Watched] = [:]
    var freeSlots: [Int] = []
    var socket: SharedDescriptor?
    var process: Int32 = 0

    /// The socket of a guardian that has not ended.
    ///
    /// The socket alone does not show that it has: a child that is just being started may still have a copy of the
    /// guardian's end, and a line sent then would be lost.
    var runningSocket: SharedDescriptor? {
      var info = siginfo_t()
      let isRunning = waitid(P_PID, id_t(process), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_signo == 0
      return isRunning ? socket : nil
    }
  }

  /// The guardian of this process.
  static let shared = SandboxGuardian()

  private let state = Mutex(State())

  /// Reads lines of a slot, a group, its start time and its folders, separated by tabs; a slot alone clears it.
  ///
  /// It starts no program before all groups are killed, because memory or processes may be exhausted.
  private static let script = #"""
    trap '' HUP INT QUIT TERM PIPE
    set -f
    PATH=/usr/bin:/bin:/run/current-system/sw/bin
    IFS='\#t'
    last=-1
    while read -r slot group start folders; do
      eval "g$slot=\$group s$slot=\$start f$slot=\$folders"
      [ "$slot" -le "$last" ] || last=$slot
    done
    left=
    slot=0
    while [ "$slot" -le "$last" ]; do
      eval "group=\$g$slot start=\$s$slot folders=\$f$slot"
      slot=$((slot + 1))
      [ -n "$group" ] || continue
      line=
      read -r line <"/proc/$group/stat"
      IFS=' '
      set -- ${line##*") "}
      IFS='\#t'
      [ -z "$line" ] || [ "${20}" = "$start" ] || continue
      kill -s KILL -- "-$group"
      left="$left$folders\#t"
    done
    tries=0
    while [ -n "$left" ] && [ "$tries" -lt 100 ]; do
      tries=$((tries + 1))
      again=
      for folder in $left; do
        [ -z "$folder" ] || rmdir "$folder" || [ ! -d "$folder" ] || again="$again$folder\#t"
      done
      left=$again
      [ -z "$left" ] || sleep 0.05
    done
    """#

  /// The guardian's process ID; 0 when there is none.
  var process: Int32 { state.withLock { $0.process } }

  /// Registers a process group to be killed when this process ends; its command has not started yet.
  ///
  /// - Parameter folders: The sandbox's cgroups, which are removed then.
  /// - Throws: ``/ExecEngine/BoxError`` when the guardian cannot be started, or the start time of the group's outer process cannot be
  ///   read: without it the guardian could kill another program that reuses the ID.
  func watch(_ group: Int32, folders: [String] = []) throws(BoxError) {
    guard let start = ProcessDirectory(processIdentifier: group).startTime() else {
      throw BoxError(.box, "the sandbox was not started: /proc/\(group)/stat cannot be read")
    }
    try watch(group, since: start, folders)
  }

  /// Registers a group with the start time of its outer process, in clock ticks since boot.
  func watch(_ group: Int32, since start: UInt64, _ folders: [String]) throws(BoxError) {
    let plain = folders.filter { !$0.contains { $0 == "\t" || $0 == "\n" } }
    try state.withLock { state throws(BoxError) in
      let slot = state.groups[group]?.slot ?? state.freeSlots.popLast() ?? state.groups.count
      let watched = Watched(slot: slot, start: start, folders: plain)
      state.groups[group] = watched
      if let socket = state.runningSocket, Self.send(Self.line(group, watched), to: socket) { return }
      do throws(BoxError) { try Self.replace(&state) } catch {
        state.groups[group] = nil
        state.freeSlots.append(watched.slot)
        throw error
      }
    }
  }

  private static func line(_ group: Int32, _ watched: Watched) -> String {
    ([String(watched.slot), String(group), String(watched.start)] + watched.folders).joined(separator: "\t") + "\n"
  }

  /// Removes a group before its ID is released; all its processes were killed before.
  ///
  /// If the line cannot be sent, the guardian is replaced by one without the group. If that fails too, there is no
  /// guardian until the next sandbox starts one or is refused.
  func forget(_ group: Int32) {
    state.withLock { state in
      guard let watched = state.groups.removeValue(forKey: group) else { return }
      state.freeSlots.append(watched.slot)
      guard state.socket != nil else { return }
      if let socket = state.runningSocket, Self.send("\(watched.slot)\n", to: socket) { return }
      try? Self.replace(&state)
    }
  }

  /// Starts a guardian and sends it all groups; replaces one that was killed, is stopped or is too slow.
  private static func replace(_ state: inout State) throws(BoxError) {
    end(&state)
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw failure("a socket", errno) }
    let (own, its) = (SharedDescriptor(raw: ends[0]), SharedDescriptor(raw: ends[1]))
    let output = open("/dev/null", O_WRONLY | O_CLOEXEC)
    guard output >= 0 else { throw failure("/dev/null", errno) }
    let null = SharedDescriptor(raw: output)
    state.process = try withExtendedLifetime((its, null)) { () throws(BoxError) in
      try ProcessSpawner.spawn(request(), input: its.raw, output: null.raw)
    }
    state.socket = own
    let error = sendAll(state.groups.map(line).joined(), to: own)
    guard error == 0 else {
      end(&state)
      throw failure("its socket", error)
    }
  }

  /// Kills the guardian before its socket is closed: at the end of the socket it would kill all registered groups.
  private static func end(_ state: inout State) {
    if state.process > 0 {
      kill(state.process, SIGKILL)
      while waitpid(state.process, nil, 0) < 0, errno == EINTR {}
    }
    state.process = 0
    state.socket = nil
  }

  /// A shell, which every system has; without this process's environment, because it lives as long as this process.
  private static func request() throws(BoxError) -> SpawnRequest {
    SpawnRequest(
      path: try ProgramSearch(path: nil, directory: nil).find("sh"), arguments: ["boxwatch-guardian", "-c", script],
      environment: EnvironmentBlock(), directory: "/", input: .closed)
  }

  /// Sends a line without blocking and without SIGPIPE.
  private static func send(_ line: String, to socket: SharedDescriptor) -> Bool {
    let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
    return Glibc.send(socket.raw, line, line.utf8.count, flags) == line.utf8.count
  }

  /// The time that a new guardian may take to read the next part of its list, in milliseconds.
  private static let patience: Int32 = 10_000

  /// Sends a list of any length and waits until it is read or buffered; returns 0 or an error number.
  ///
  /// A socket buffers some 200 KiB, which is the list of about a thousand sandboxes with cgroups.
  private static func sendAll(_ list: String, to socket: SharedDescriptor) -> Int32 {
    var rest = Array(list.utf8)[...]
    while !rest.isEmpty {
      let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
      let count = rest.withUnsafeBytes { Glibc.send(socket.raw, $0.baseAddress, $0.count, flags) }
      if count > 0 {
        rest = rest.dropFirst(count)
        continue
      }
      var entry = pollfd(fd: socket.raw, events: Int16(POLLOUT), revents: 0)
      switch errno {
      case EINTR: continue
      case EAGAIN: if poll(&entry, 1, patience) == 0 { return EAGAIN }
      case let error: return error
      }
    }
    return 0
  }

  private static func failure(_ what: String, _ error: Int32) -> BoxError {
    BoxError(.system(error), "cannot start the process that ends sandboxes (\(what)): \(CgroupFile.words(of: error))")
  }
}
