import CExecShims
import ExecEngine
import ExecModel
import Glibc
import Journal
import Linux
import SystemPackage

/// Ensures that ended children can be waited for.
enum ChildStatus {
  private static let kept: Void = {
    var action = sigaction()
    sigaction(SIGCHLD, nil, &action)
    guard unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1 else { return }
    signal(SIGCHLD, SIG_DFL)
  }()

  /// Sets SIGCHLD to its default if this process inherited it as ignored, because the kernel would discard statuses
  /// (sigaction(2)).
  static func keep() { kept }
}

/// Explains why the kernel did not start a command whose file was found: posix_spawn(3) returns only an error number.
struct StartDiagnosis {
  private let request: SpawnRequest

  /// Diagnoses a request that was refused.
  init(_ request: SpawnRequest) { self.request = request }

  /// The error for display, by the step at which it occurred.
  func error(_ number: Int32, at step: Int32 = 0) -> BoxError {
    switch UInt32(bitPattern: step) {
    case CEXEC_STEP_PROCESS.rawValue, CEXEC_STEP_GROUP.rawValue, CEXEC_STEP_NAMESPACES.rawValue,
      CEXEC_STEP_CONFINE.rawValue:
      return BoxError(.box, "the box cannot start a command: " + Self.words(number, at: UInt32(bitPattern: step)))
    case CEXEC_STEP_DIRECTORY.rawValue:
      let directory = request.directory ?? "/"
      return BoxError(
        .badDirectory, "the working directory '\(directory)' cannot be entered: \(Errno(rawValue: number))")
    default: return error(executing: number)
    }
  }

  private static func words(_ number: Int32, at step: UInt32) -> String {
    switch (number, step) {
    case (EAGAIN, CEXEC_STEP_PROCESS.rawValue): "its limit of processes is reached"
    case (ENOMEM, CEXEC_STEP_PROCESS.rawValue): "its limit of memory is reached, or its first process is gone"
    case (_, CEXEC_STEP_GROUP.rawValue): "its control group cannot be joined (\(Errno(rawValue: number)))"
    case (_, CEXEC_STEP_CONFINE.rawValue): "its privileges cannot be dropped (\(Errno(rawValue: number)))"
    case (ESRCH, CEXEC_STEP_NAMESPACES.rawValue): "its first process is gone"
    default: "\(Errno(rawValue: number))"
    }
  }

  private func error(executing number: Int32) -> BoxError {
    if let directory = request.directory {
      // Checked before too, but it may have been removed since.
      do { try CommandCheck.directory(directory, in: request.view) } catch { return error }
    }
    let path = request.path
    switch number {
    case ENOENT: return missing()
    case EACCES, EPERM:
      return BoxError(
        .notExecutable,
        "'\(path)' cannot be executed: check its permissions, its interpreter's, and the file system's noexec option")
    case ENOEXEC:
      return BoxError(
        .notExecutable, "'\(path)' has no #! line and is not a program for this machine: run it with its interpreter")
    case E2BIG:
      return BoxError(
        .argumentListTooLong,
        "the arguments and the environment of '\(path)' are larger than the kernel takes: pass them in a file")
    default:
      let error = Errno(rawValue: number)
      return BoxError(.system(number), "cannot start '\(path)': \(error)\(error.limitHint)")
    }
  }

  private func missing() -> BoxError {
    if case .failed = request.view.look(file) {
      return BoxError(.notFound, "there is no file '\(request.path)': check the path")
    }
    let interpreter = interpreter().map { "'\($0)'" } ?? "its loader"
    return BoxError(
      .notExecutable, "'\(request.path)' needs the interpreter \(interpreter), which does not exist: install it")
  }

  private var file: String {
    guard !request.path.hasPrefix("/"), let directory = request.directory else { return request.path }
    return directory + "/" + request.path
  }

  /// The interpreter named in a script's first line.
  private func interpreter() -> String? {
    let descriptor = request.view.open(file)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let head = [UInt8](unsafeUninitializedCapacity: 256) { buffer, count in
      count = max(0, read(descriptor, buffer.baseAddress, 256))
    }
    guard head.starts(with: Array("#!".utf8)) else { return nil }
    let line = String(decoding: head.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    return line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r" }).first.map(String.init)
  }
}

/// Checks a command's arguments before anything is started.
enum CommandCheck {
  /// Rejects what execve(2) would truncate or misinterpret.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` with `badName` for an empty command, and for a NUL in any argument, variable or directory.
  static func words(of spec: ExecutionSpec) throws(BoxError) {
    guard let name = spec.command.first, !name.isEmpty else {
      throw BoxError(.badName, "the command is empty: name a program")
    }
    for (index, word) in spec.command.enumerated() where word.utf8.contains(0) {
      let place = index == 0 ? "the command's name" : "argument \(index) of '\(spec.command[0])'"
      throw BoxError(.badName, "\(place) contains a NUL byte, which cannot be passed to a command: remove it")
    }
    try variables(spec.environment)
    if let directory = spec.workingDirectory, directory.utf8.contains(0) {
      throw BoxError(.badName, "the working directory's name contains a NUL byte: remove it")
    }
  }

  private static func variables(_ variables: [EnvironmentVariable]) throws(BoxError) {
    for variable in variables {
      let isName = !variable.name.isEmpty && !variable.name.utf8.contains { $0 == 0 || $0 == UInt8(ascii: "=") }
      guard isName, !variable.value.utf8.contains(0) else {
        throw BoxError(.badName, "the variable '\(variable.name)' is not NAME=VALUE without NUL bytes")
      }
    }
  }

  /// Checks that a working directory can be entered.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` with `badDirectory`.
  static func directory(_ path: String, in view: FileView = .host) throws(BoxError) {
    if let problem = problem(view.look(path), path) { throw BoxError(.badDirectory, problem) }
  }

  private static func problem(_ look: FileLook, _ path: String) -> String? {
    switch look {
    case .directory(let isEnterable):
      isEnterable ? nil : "the working directory '\(path)' cannot be entered by this user"
    case .hidden:
      "the working directory '\(path)' is not visible in the sandbox: show it with --ro-bind, or name another"
    case .file: "the working directory '\(path)' is a file: name a directory"
    case .failed(let error): problem(error, path)
    }
  }

  private static func problem(_ error: Int32, _ path: String) -> String {
    switch error {
    case ENOENT: "the working directory '\(path)' does not exist: create it, or name another"
    case ENOTDIR: "the working directory '\(path)' has a file where a directory must be: name another"
    case EACCES: "the working directory '\(path)' cannot be reached by this user"
    default: "the working directory '\(path)' cannot be used: \(String(cString: strerror(error)))"
    }
  }
}
