import BoxLiteServer
import ExecEngine
import Glibc
import Synchronization
import SystemPackage

/// The folder of the private sockets: `$XDG_RUNTIME_DIR/boxwatch`, or `/tmp/boxwatch-UID` where there is none.
struct InstanceDirectory: Sendable {
  /// The folder, which need not exist yet.
  let path: FilePath

  /// The user's own folder.
  init() { path = Directories.runtime() }

  init(path: FilePath) { self.path = path }

  /// The socket of a process.
  func socket(of processIdentifier: Int32) -> FilePath { path.appending("\(processIdentifier).sock") }

  /// Makes the folder when it is missing, and checks that it is ours alone.
  ///
  /// - Throws: ``Failure`` for a folder that somebody else owns or can look into: they could answer in our name.
  func prepare() throws {
    if mkdir(path.string, 0o700) != 0, errno != EEXIST {
      throw Failure("cannot make the folder \(path): \(String(cString: strerror(errno)))")
    }
    try check()
  }

  /// Checks the folder, without following a link that somebody may have put in its place.
  ///
  /// - Throws: ``Failure`` that says what is wrong with it.
  func check() throws {
    var status = stat()
    guard lstat(path.string, &status) == 0 else {
      throw Failure("cannot look at \(path): \(String(cString: strerror(errno)))")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw Failure("\(path) is no folder: remove it") }
    guard status.st_uid == getuid() else { throw Failure("\(path) belongs to another user: it is not used") }
    guard status.st_mode & 0o077 == 0 else {
      throw Failure("\(path) is open to other users: it is not used (chmod 700 makes it private)")
    }
  }

  /// The sockets that a process listens at, by process number; what dead processes left behind is removed.
  ///
  /// - Throws: ``Failure`` as ``check()`` does; a folder that is not there holds no sockets.
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

  /// Removes tokens without a socket; a process that lives may be about to open its own.
  private func sweepTokens(_ names: [String]) {
    for name in names where name.hasSuffix(".token") && !names.contains(name.dropLast(6) + ".sock") {
      guard let number = Int32(name.dropLast(6)), number > 0, kill(number, 0) != 0, errno == ESRCH else { continue }
      unlink(path.appending(name).string)
    }
    // Those that a process did not live to finish: PID.token.PID.new.
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
  /// The boxwatch of a process, when it listens and answers.
  func instance(of processIdentifier: Int32) -> Instance? {
    let socket = socket(of: processIdentifier)
    guard (try? check()) != nil, case .listening = SocketProbe.look(at: socket) else { return nil }
    return Instance(at: socket)
  }

  /// Every boxwatch that answers, ourselves left out; none when the folder is not ours alone.
  ///
  /// All are asked at once: one that is stopped costs a second, and not a second each.
  func instances() -> [Instance] {
    guard let sockets = try? sockets(), let wake = try? WakeDescriptor() else { return [] }
    let others = sockets.filter { $0.processIdentifier != getpid() }.map(\.path)
    let answers = Answers(others.count)
    for socket in others {
      let ask: @Sendable () -> Void = { if answers.add(Instance(at: socket)) { wake.wake() } }
      // Without a thread it is asked here.
      if EngineThread.start(name: "boxwatch-ask", ask) != nil { ask() }
    }
    if !others.isEmpty { wake.wait() }
    return answers.instances
  }

  /// Collects from several threads.
  private final class Answers: Sendable {
    private let state: Mutex<(missing: Int, found: [Instance])>

    init(_ count: Int) { state = Mutex((count, [])) }

    /// Whether this was the last one.
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
