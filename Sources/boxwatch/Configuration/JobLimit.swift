import ArgumentParser
import Glibc

/// How many commands of a list run at the same time: what `--jobs` says, and what it is without.
enum JobLimit {
  /// As many as a list written by hand ever has, so that long-lived commands of one never wait for one another.
  static let standard = 256
  /// Descriptors of one command while it runs: its process, the pipes of three streams, and its record's events and two
  /// files of output.
  private static let descriptors: UInt64 = 7
  /// Descriptors for everything else, such as pollers, sockets and the start of a command.
  private static let reserve: UInt64 = 64
  /// The most descriptors of the readers of records; they take a quarter of what there is at the most (`OpenJournals`).
  private static let readers: UInt64 = 256

  /// Reads the number of `--jobs`.
  ///
  /// - Throws: `ValidationError` for what is no number from 1 on.
  static func number(_ text: String) throws -> Int {
    guard let number = Int(text), number >= 1 else {
      throw ValidationError("'\(text)' is no number of commands: write 1 or more, as in --jobs 4")
    }
    return number
  }

  /// The wish, or the standard, as far as this process may open descriptors for it; 1 at the least.
  static func resolved(_ wish: Int?, descriptorLimit: UInt64 = descriptorLimit()) -> Int {
    let others = reserve + min(readers, descriptorLimit / 4)
    let affordable = (descriptorLimit - min(descriptorLimit, others)) / descriptors
    return max(1, Int(min(UInt64(wish ?? standard), affordable)))
  }

  /// How many descriptors this process may open.
  static func descriptorLimit() -> UInt64 {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
    return UInt64(limit.rlim_cur)
  }
}
