import CExecShims
import Glibc

/// Lets one thread sleep until another signals; signals that come before count.
public final class WakeUp: Sendable {
  private let descriptor = cexec_event_open()

  /// Nothing signalled yet.
  public init() {}

  deinit { close(descriptor) }

  /// Wakes the sleeper.
  public func signal() { cexec_event_set(descriptor) }

  /// Sleeps until a signal; false when none came within `seconds`.
  @discardableResult
  public func wait(seconds: Int32 = 60) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let isAwake = poll(&entry, 1, seconds * 1000) == 1
    cexec_event_clear(descriptor)
    return isAwake
  }
}
