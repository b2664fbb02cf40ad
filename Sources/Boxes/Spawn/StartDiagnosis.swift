import ExecEngine
import ExecModel
import Glibc
import SystemPackage

/// Says why the kernel did not start a command whose file was found: posix_spawn(3) tells only an error number.
struct StartDiagnosis {
  private let request: SpawnRequest

  /// Looks into a request that was refused.
  init(_ request: SpawnRequest) { self.request = request }

  /// The error for people.
  func error(_ number: Int32) -> BoxError {
    if let directory = request.directory {
      // Checked before too, but it may have gone since.
      do { try CommandCheck.directory(directory) } catch { return error }
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
    default: return BoxError(.system(number), "cannot start '\(path)': \(Errno(rawValue: number))")
    }
  }

  private func missing() -> BoxError {
    var status = stat()
    guard stat(file, &status) == 0 else {
      return BoxError(.notFound, "there is no file '\(request.path)': check the path")
    }
    let interpreter = Self.interpreter(of: file).map { "'\($0)'" } ?? "its loader"
    return BoxError(
      .notExecutable, "'\(request.path)' needs the interpreter \(interpreter), which does not exist: install it")
  }

  private var file: String {
    guard !request.path.hasPrefix("/"), let directory = request.directory else { return request.path }
    return directory + "/" + request.path
  }

  /// The program that a script's first line names.
  private static func interpreter(of file: String) -> String? {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
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
