public import SystemPackage

/// Why a journal could not be made, read or removed.
public struct JournalError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kernel's answer; `EBADMSG` when the file's content is at fault.
  public let errno: Errno
  /// The file or folder.
  public let path: String
  /// What was tried: `create the folder`, `read the events of`.
  public let attempt: String
  /// What is wrong with the content, when the kernel had no complaint.
  public let detail: String?

  /// Makes an error about one path.
  public init(errno: Errno, path: String, attempt: String, detail: String? = nil) {
    self.errno = errno
    self.path = path
    self.attempt = attempt
    self.detail = detail
  }

  /// One clear line for a person.
  public var description: String { "cannot \(attempt) \(path): \(detail ?? errno.description + errno.limitHint)" }

  /// An error about a file's content.
  static func damaged(_ path: String, attempt: String, _ detail: String) -> JournalError {
    JournalError(errno: Errno(rawValue: 74), path: path, attempt: attempt, detail: detail)
  }
}
