/// How an execution's process ended, as reported by the terminal event.
public enum ExitStatus: Hashable, Sendable {
  /// It exited with this code, 0 to 255.
  case exited(Int32)
  /// It was killed by a signal.
  case signalled(Int32, coreDumped: Bool)
  /// Its time limit elapsed, and boxwatch ended it (TERM, then KILL).
  case timedOut
  /// It was force-closed while it was running.
  case forceClosed
  /// It was never started.
  case startFailed(StartFailure)
  /// The connection to its box was lost before a status arrived.
  case lost
  /// boxwatch detached from it, and it is still running.
  case detached
  /// It ended, but reading its status failed, by error number (waitid(2)).
  case unknown(Int32)

  /// The exit code for a shell: the command's code, 128 + signal, 124 for a time limit (as coreutils' `timeout`), 126
  /// or 127 for a command that could not start, 137 when force-closed, 125 when no status is available.
  public var shellCode: Int32 {
    switch self {
    case .exited(let code): code
    case .signalled(let signal, _): 128 &+ signal
    case .timedOut: 124
    case .forceClosed: 137
    case .startFailed(let failure): failure.shellCode
    case .lost, .detached, .unknown: 125
    }
  }

  /// Whether the command exited with code 0.
  public var isSuccess: Bool { self == .exited(0) }

  /// A few words for display: `exit 3`, `SIGTERM`, `timed out`, `not found`.
  public var words: String {
    switch self {
    case .exited(let code): "exit \(code)"
    case .signalled(let signal, let dumped): Signal(number: signal).name + (dumped ? " (core dumped)" : "")
    case .timedOut: "timed out"
    case .forceClosed: "force closed"
    case .startFailed(let failure): failure.words
    case .lost: "connection lost"
    case .detached: "detached"
    case .unknown: "status unknown"
    }
  }
}

/// Why a command was never started.
///
/// Each case calls for a different reaction of the user.
public enum StartFailure: Error, Hashable, Sendable {
  /// Command not found: not in `PATH`, or the named file does not exist.
  case notFound
  /// The file exists, but is not a program that this user may execute.
  case notExecutable
  /// The working directory is missing, is not a directory, or may not be entered.
  case badDirectory
  /// The command's name or an argument cannot be passed: it is empty or contains NUL.
  case badName
  /// Arguments and environment exceed the kernel's limit (`E2BIG`, execve(2)).
  case argumentListTooLong
  /// Any other error, by error number.
  case system(Int32)
  /// The box could not be used: its program is missing, or it refused the command.
  case box

  /// The exit code for a shell: 127 not found, 126 found but not executable, 125 otherwise (as `docker run`).
  public var shellCode: Int32 {
    switch self {
    case .notFound: 127
    case .notExecutable: 126
    case .badDirectory, .badName, .argumentListTooLong, .system, .box: 125
    }
  }

  /// A few words for the status column.
  public var words: String {
    switch self {
    case .notFound: "not found"
    case .notExecutable: "not executable"
    case .badDirectory: "bad directory"
    case .badName: "bad name"
    case .argumentListTooLong: "argument list too long"
    case .system(let number): "cannot start (errno \(number))"
    case .box: "box not usable"
    }
  }
}

/// Descriptions of the errors that a record, a stream or an output can meet (errno(3), Linux's numbers).
public enum SystemErrorText {
  private static let known: [Int32: String] = [
    1: "operation not permitted", 2: "its file or folder was deleted", 4: "interrupted", 5: "input/output error",
    6: "no such device", 9: "bad file descriptor", 10: "no child processes", 11: "temporarily out of resources",
    12: "out of memory",
    13: "permission denied", 17: "a file of this name exists", 19: "no such device", 20: "not a folder",
    21: "a folder of this name exists", 22: "invalid argument", 23: "too many open files on this machine",
    24: "too many open files", 27: "file-size limit reached", 28: "no space left on the disk",
    30: "read-only file system", 32: "its reader has closed it", 107: "not connected", 116: "stale file handle",
    117: "damaged file system", 122: "disk quota exceeded",
  ]

  /// A few words, or the number of an unknown error.
  public static func words(_ number: Int32) -> String { known[number] ?? "error \(number)" }

  /// Whether a failed write can succeed later without repair of the file system: when disk space, descriptors or memory
  /// become available.
  public static func canLift(_ number: Int32) -> Bool {
    switch number {
    // EINTR, EAGAIN, ENOMEM, ENFILE, EMFILE, ENOSPC, ENOBUFS, ETIMEDOUT, EDQUOT.
    case 4, 11, 12, 23, 24, 28, 105, 110, 122: true
    default: false
    }
  }
}
