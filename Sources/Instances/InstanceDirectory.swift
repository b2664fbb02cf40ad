import BoxLiteServer
import Console
import ExecEngine
import Glibc
import Linux
import Synchronization
package import SystemPackage

/// The folder of the private sockets: `$XDG_RUNTIME_DIR/boxwatch`, or `/tmp/boxwatch-UID` without
/// that variable.
package struct InstanceDirectory: Sendable {
  /// The folder, which may not exist yet.
  package let path: FilePath

  /// Uses a folder that need not exist yet.
  package init(path: FilePath) { self.path = path }

  /// The socket of a process.
  package func socket(of processIdentifier: Int32) -> FilePath { path.appending("\(processIdentifier).sock") }

  /// Creates the folder if it is missing, and checks that only the user can access it.
  ///
  /// - Throws: ``/Console/Failure`` for a folder that another user owns or can access: that user could
  ///   answer in our name.
  package func prepare() throws {
    if mkdir(path.string, 0o700) != 0, errno != EEXIST {
      throw Failure("cannot create the folder \(path): \(String(cString: strerror(errno)))")
    }
    try check()
  }

  /// Checks the folder, without following a symbolic link that another user may have placed there.
  ///
  /// - Throws: ``/Console/Failure`` that says what is wrong with it.
  package func check() throws {
    var status = stat()
    guard lstat(path.string, &status) == 0 else {
      throw Failure("cannot look at \(path): \(String(cString: strerror(errno)))")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw Failure("\(path) is not a folder: remove it") }
    guard status.st_uid == getuid() else { throw Failure("\(path) belongs to another user, so it is not used") }
    guard status.st_mode & 0o077 == 0 else {
      throw Failure("\(path) is open to other users: it is not used (chmod 700 makes it private)")
    }
  }

  /// The sockets with a listening process, by process number; files of dead processes are removed.
  ///
  /// - Throws: ``/Console/Failure`` as ``check()`` does; a missing folder contains no sockets.
  func sockets() throws -> [(processIdentifier: Int32, path: FilePath)] {
    if access(path.string, F_OK) != 0, errno == ENOENT { return [] }
    try check()
    let names = names()
    sweepTokens(names)
    return names.compactMap { name in
      guard name.hasSuffix(".sock"), let number = Int32(name.dropLast(5)), number > 0 else { return nil }
      let socket = self.socket(of: number)
      switch SocketProbe.look(at: socket) {
      case .listening: return (number, socket)
      case .stale:
        unlink(socket.string)
        unlink(InstanceToken.path(beside: socket).string)
        return nil
      case .unknown: return nil
      }
    }
  }

  /// Removes tokens without a socket; a live process may be about to open its socket.
  private func sweepTokens(_ names: [String]) {
    for name in names where name.hasSuffix(".token") && !names.contains(name.dropLast(6) + ".sock") {
      guard let number = Int32(name.dropLast(6)), number > 0, kill(number, 0) != 0, errno == ESRCH else { continue }
      unlink(path.appending(name).string)
    }
    // Incomplete token files of processes that died: PID.token.PID.new.
    for name in names where name.hasSuffix(".new") {
      guard let number = Int32(name.dropLast(4).split(separator: ".").last ?? ""), number > 0, kill(number, 0) != 0,
        errno == ESRCH
      else { continue }
      unlink(path.appending(name).string)
    }
  }

  private func names() -> [String] {
    guard let folder = opendir(path.string) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names.sorted()
  }
}

extension InstanceDirectory {
  /// The boxwatch of a process, if it listens and answers.
  func instance(of processIdentifier: Int32) -> Instance? {
    let socket = socket(of: processIdentifier)
    guard (try? check()) != nil, case .listening = SocketProbe.look(at: socket) else { return nil }
    return Instance(at: socket)
  }

  /// Every boxwatch that answers, except this one; none when other users can access the folder.
  ///
  /// All are queried at once: several stopped ones cost one second in total.
  package func instances() -> [Instance] {
    guard let sockets = try? sockets(), let wake = try? WakeDescriptor() else { return [] }
    let others = sockets.filter { $0.processIdentifier != getpid() }.map(\.path)
    let answers = Answers(others.count)
    for socket in others {
      let ask: @Sendable () -> Void = { if answers.add(Instance(at: socket)) { wake.wake() } }
      // When no thread can be created, the query is made here.
      if DetachedThread.start(name: "boxwatch-ask", ask) != nil { ask() }
    }
    if !others.isEmpty { wake.wait() }
    return answers.instances
  }

  /// Collects results from several threads.
  private final class Answers: Sendable {
    private let state: Mutex<(missing: Int, found: [Instance])>

    init(_ count: Int) { state = Mutex((count, [])) }

    /// Returns whether this was the last one.
    func add(_ instance: Instance?) -> Bool {
      state.withLock { state in
        if let instance { state.found.append(instance) }
        state.missing -= 1
        return state.missing == 0
      }
    }

    var instances: [Instance] {
      state.withLock { $0.found.sorted { $0.processIdentifier < $1.processIdentifier } }
    }
  }
}
