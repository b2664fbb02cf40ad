import CExecShims
import Glibc
import Synchronization

/// Something that one thread opens and others wait for; opening is for good.
public final class Gate: Sendable {
  private let descriptor: Int32

  /// A closed gate.
  public init() { descriptor = cexec_event_open() }

  deinit { close(descriptor) }

  /// Lets everybody pass, now and later.
  public func open() { cexec_event_set(descriptor) }

  /// Waits until the gate is open; false when that takes longer than `seconds`.
  @discardableResult
  public func wait(seconds: Int32 = 60) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, seconds * 1000) == 1
  }
}
