import CExecShims
import Glibc
import Synchronization

/// The limit of open files: an execution takes three, and a soft limit of 1,024 is common.
public enum ProcessLimits {
  /// The soft limit before it was raised, 0 when it was not.
  private static let original = Atomic<UInt64>(0)

  /// Raises this process's soft limit of open files to the hard one; the executable calls it once at its start.
  ///
  /// Commands get the old limit back by prlimit(2) right after their start, so that programs which use select(2) or close
  /// every possible descriptor behave as without boxwatch. In its first microseconds a command can still see the
  /// raised limit.
  public static func raise() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    let soft = UInt64(limit.rlim_cur)
    guard limit.rlim_cur < limit.rlim_max else { return }
    limit.rlim_cur = limit.rlim_max
    guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    original.store(soft, ordering: .relaxed)
  }

  /// Gives a command the limit it would have without us.
  static func restore(in processIdentifier: Int32) {
    let soft = original.load(ordering: .relaxed)
    guard soft > 0 else { return }
    _ = cexec_set_descriptor_limit(processIdentifier, soft)
  }
}
