import ArgumentParser
import Glibc
import Linux

/// The number of commands of a list that run at the same time: the value of `--jobs`, and its
/// default.
enum JobLimit {
  /// As many as a hand-written list ever has, so that its long-lived commands never wait for one
  /// another.
  static let standard = 256
  /// The descriptors of one running command: its process, the pipes of three streams, and its
  /// record's events and two files of output.
  private static let descriptors: UInt64 = 7
  /// The descriptors for everything else, such as pollers, sockets and the start of a command.
  private static let reserve: UInt64 = 64
  /// The maximum number of descriptors of record readers; they take at most a quarter of the limit
  /// (`OpenJournals`).
  private static let readers: UInt64 = 256

  /// Parses the value of `--jobs`.
  ///
  /// - Throws: `ValidationError` for anything other than a number from 1 on.
  static func number(_ text: String) throws -> Int {
    guard let number = Int(text), number >= 1 else {
      throw ValidationError("'\(text)' is not a number of commands; use 1 or more, as in --jobs 4")
    }
    return number
  }

  /// The requested number, or the default, as far as the descriptor limit allows; at least 1.
  static func resolved(_ wish: Int?, descriptorLimit: UInt64 = descriptorLimit()) -> Int {
    let others = reserve + min(readers, descriptorLimit / 4)
    let affordable = (descriptorLimit - min(descriptorLimit, others)) / descriptors
    return max(1, Int(min(UInt64(wish ?? standard), affordable)))
  }

  /// One line about a `--jobs` that descriptors do not allow; nil when they do, or when all commands may run at once.
  static func warning(_ wish: Int?, commands: Int, descriptorLimit: UInt64 = descriptorLimit()) -> String? {
    let number = resolved(wish, descriptorLimit: descriptorLimit)
    guard let wish, number < min(wish, commands) else { return nil }
    return "--jobs \(wish) needs \(needed(for: wish)) file descriptors, and \(descriptorLimit) are allowed: "
      + "\(number) at a time; raise the limit with ulimit -n"
  }

  /// The smallest limit that allows so many commands at a time.
  private static func needed(for wish: Int) -> UInt64 {
    let (own, isTooMuch) = UInt64(wish).multipliedReportingOverflow(by: descriptors)
    guard !isTooMuch, own < .max / 8 else { return .max }
    return min(own + reserve + readers, ((own + reserve) * 4 + 2) / 3)
  }

  /// The number of descriptors that this process may open.
  static func descriptorLimit() -> UInt64 { DescriptorLimit.current ?? 1024 }
}
