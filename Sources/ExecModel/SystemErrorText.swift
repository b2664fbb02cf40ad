/// The kernel's errors that a record, a stream or an output can meet, in words (errno(3), Linux's numbers).
public enum SystemErrorText {
  private static let known: [Int32: String] = [
    1: "operation not permitted", 2: "its file or folder was deleted", 4: "interrupted", 5: "input/output error",
    6: "no such device", 9: "bad file descriptor", 10: "no child processes", 11: "no room in memory now",
    12: "out of memory",
    13: "permission denied", 17: "a file is in its place", 19: "no such device", 20: "not a folder",
    21: "a folder is in its place", 22: "invalid argument", 23: "too many open files on this machine",
    24: "too many open files", 27: "file-size limit reached", 28: "no space left on the disk",
    30: "read-only file system", 32: "nobody reads it any more", 107: "not connected", 116: "stale file handle",
    117: "damaged file system", 122: "disk quota exceeded",
  ]

  /// A few words; the bare number of an error that is not known here.
  public static func words(_ number: Int32) -> String { known[number] ?? "error \(number)" }

  /// Whether a failed write can succeed later with no repair of the file system: when room, descriptors or memory are
  /// given back.
  public static func canLift(_ number: Int32) -> Bool {
    switch number {
    // EINTR, EAGAIN, ENOMEM, ENFILE, EMFILE, ENOSPC, ENOBUFS, ETIMEDOUT, EDQUOT.
    case 4, 11, 12, 23, 24, 28, 105, 110, 122: true
    default: false
    }
  }
}
