import CExecShims
import ExecEngine
import ExecModel
import Glibc
import Journal
import SystemPackage

/// Says why the kernel did not start a command whose file was found: posix_spawn(3) tells only an error number.
struct StartDiagnosis {
  private let request: SpawnRequest

  /// Looks into a request that was refused.
  init(_ request: SpawnRequest) { self.request = request }

  /// The error for people, by the step at which it came.
  func error(_ number: Int32, at step: Int32 = 0) -> BoxError {
    switch UInt32(bitPattern: step) {
    case CEXEC_STEP_PROCESS.rawValue, CEXEC_STEP_GROUP.rawValue, CEXEC_STEP_NAMESPACES.rawValue,
      CEXEC_STEP_CONFINE.rawValue:
      return BoxError(.box, "the box takes no command in: " + Self.words(number, at: UInt32(bitPattern: step)))
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
    case (_, CEXEC_STEP_CONFINE.rawValue): "it cannot be kept from privileges (\(Errno(rawValue: number)))"
    case (ESRCH, CEXEC_STEP_NAMESPACES.rawValue): "its first process is gone"
    default: "\(Errno(rawValue: number))"
    }
  }

  private func error(executing number: Int32) -> BoxError {
    if let directory = request.directory {
      // Checked before too, but it may have gone since.
      do { try CommandCheck.directory(directory, in: request.view) } catch { return error }
    }
    let path = request.path
    switch number {
    case ENOENT: return missing()
    case EACCES, EPERM:
      return BoxError(
        .notExecutable,
        "'\(path)' may not be executed: check its permissions, its interpreter's, and the file system's noexec option")
    case ENOEXEC:
      return BoxError(
        .notExecutable, "'\(path)' has no #! line and is no program for this machine: run it with its interpreter")
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

  /// The program that a script's first line names.
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
