import CExecShims
import Glibc

/// The parts of an event loop: an epoll(7) set, an eventfd(2) and a timerfd(2).
package enum EventLoopParts {
  /// Whether they can be created and connected now.
  ///
  /// This fails where a filter forbids one of the calls, or the kernel has no memory or descriptor for it.
  package static var canBeMade: Bool {
    let set = Descriptor(raw: epoll_create1(Int32(EPOLL_CLOEXEC)))
    let timer = Descriptor(raw: timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC | TFD_NONBLOCK)))
    guard set.isOpen, timer.isOpen, let wake = try? WakeDescriptor() else { return false }
    return add(wake.raw, to: set) && add(timer.raw, to: set)
  }

  private static func add(_ descriptor: Int32, to set: borrowing Descriptor) -> Bool {
    var event = epoll_event()
    event.events = EPOLLIN.rawValue
    return epoll_ctl(set.raw, EPOLL_CTL_ADD, descriptor, &event) == 0
  }
}
