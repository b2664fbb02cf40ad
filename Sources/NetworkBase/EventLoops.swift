import CExecShims
import Dispatch
import Glibc
import Linux
package import NIOPosix
import Synchronization

/// Makes the event loops of this process, after checking that their resources are available.
package enum EventLoops {
  private enum Need {
    /// An epoll set, an eventfd and a timerfd.
    static let descriptorsOfALoop = 3
    /// The sockets that the loops serve, and descriptors that other threads open meanwhile.
    static let margin = 16
  }

  /// The loops of all clients, made at the first use and never shut down.
  private static let clients = Mutex<MultiThreadedEventLoopGroup?>(nil)
  /// Serialises creation: two callers that count the same free descriptors would both find enough.
  private static let making = Mutex(())

  /// The loops shared by all clients of this process.
  ///
  /// Two: they do little work between two reports to a sink.
  ///
  /// - Throws: ``Shortage`` when resources are short now; a later call tries again.
  package static func shared() throws(Shortage) -> MultiThreadedEventLoopGroup {
    try clients.withLock { clients throws(Shortage) in
      if let clients { return clients }
      let made = try make(loops: 2) { $0 }
      clients = made
      return made
    }
  }

  /// Makes loops, and what `body` makes of them, on a separate thread.
  ///
  /// New threads inherit its signal mask, which lets faults through and the signals that are passed on to the main
  /// thread, instead of the main thread's mask.
  ///
  /// - Parameters:
  ///   - loops: the number of loops, each of them a thread.
  ///   - threads: the number of further threads that `body` starts.
  /// - Throws: ``Shortage`` when this process cannot have that many descriptors or threads; nothing was made then.
  package static func make<Parts: Sendable>(
    loops: Int, threads: Int = 0, _ body: @escaping @Sendable (MultiThreadedEventLoopGroup) -> Parts
  ) throws(Shortage) -> Parts {
    try making.withLock { _ throws(Shortage) in
      try check(descriptors: loops * Need.descriptorsOfALoop, threads: loops + threads)
      let (made, isMade) = (Made<Parts>(), DispatchSemaphore(value: 0))
      let failure = DetachedThread.start(name: "boxwatch-loops") {
        made.parts.withLock { $0 = body(MultiThreadedEventLoopGroup(numberOfThreads: loops)) }
        isMade.signal()
      }
      if failure == nil { isMade.wait() }
      guard let parts = made.parts.withLock({ $0 }) else { throw .threads }
      return parts
    }
  }

  private final class Made<Parts: Sendable>: Sendable {
    let parts = Mutex<Parts?>(nil)
  }

  /// Checks the available resources.
  static func check(descriptors: Int, threads: Int) throws(Shortage) {
    guard DescriptorLimit.allows(descriptors + Need.margin) else { throw .descriptors }
    guard EventLoopParts.canBeMade else { throw .loops }
    // Twice as many: the kernel counts the threads of the test for a moment after they are joined.
    guard DetachedThread.canStart(threads * 2) else { throw .threads }
  }
}

/// The parts of an event loop: an epoll(7) set, an eventfd(2) and a timerfd(2).
enum EventLoopParts {
  /// Whether they can be created and connected now.
  ///
  /// This fails where a filter forbids one of the calls, or the kernel has no memory or descriptor for it.
  static var canBeMade: Bool {
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

/// The resource that is short for an event loop.
package enum Shortage: Error, Hashable, Sendable, CustomStringConvertible {
  case descriptors
  case threads
  case loops

  /// One clause: what is short, and what to do.
  package var description: String {
    switch self {
    case .descriptors:
      "too few file descriptors are left for a connection (the limit is \(Self.descriptorLimit)): raise it (ulimit -n)"
    case .loops:
      "the kernel cannot create an event loop (epoll, eventfd or timerfd): check for a system call filter, or for too little memory"
    case .threads:
      "too few threads are left for a connection: raise the limit of processes (ulimit -u, or the control group's)"
    }
  }

  private static var descriptorLimit: String { DescriptorLimit.current.map(String.init) ?? "unknown" }
}
