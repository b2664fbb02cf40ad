import Glibc
import Linux
import SystemPackage

/// Waits until a process has opened its private socket, woken by the kernel (inotify(7), pidfd_open(2)).
struct SocketWait {
  /// The socket, whose folder may not exist yet.
  let socket: FilePath
  /// The process that is to open it.
  let owner: Int32

  /// The interval of looking, in milliseconds, where the kernel reports no new names.
  private static let interval: Int32 = 20

  /// Whether the socket exists: returns as soon as it does, when the process has ended, or after so many milliseconds.
  func run(milliseconds: Int32) -> Bool {
    let due = MonotonicClock.now + UInt64(max(0, milliseconds)) * 1_000_000
    let names = try? FileWatch()
    var process = Descriptor(raw: -1)
    do throws(Errno) {
      process = Descriptor(raw: try ProcessHandle(of: owner).take())
    } catch {
      // The kernel reports the end of a process that can still be found; without a descriptor the wait has its limit only.
      if error == .noSuchProcess { return exists }
    }
    // Keeps the number open that poll(2) waits for.
    defer { withExtendedLifetime(process) {} }
    while true {
      // The watch comes first: a socket that is made before the look is found by it, a later one is an event.
      let isWatched = watch(names)
      if exists { return true }
      let left = Int32((due - min(due, MonotonicClock.now)) / 1_000_000)
      guard left > 0 else { return false }
      var entries = [
        pollfd(fd: names?.raw ?? -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: process.raw, events: Int16(POLLIN), revents: 0),
      ]
      poll(&entries, 2, isWatched ? left : min(left, Self.interval))
      if entries[1].revents != 0 { return exists }
      if entries[0].revents != 0 { names?.read { _, _ in } }
    }
  }

  private var exists: Bool { access(socket.string, F_OK) == 0 }

  /// Watches the folder, or the one above while there is none; false when neither can be watched.
  private func watch(_ names: FileWatch?) -> Bool {
    guard let names else { return false }
    let folder = socket.removingLastComponent()
    if Self.add(folder, to: names) { return true }
    guard Self.add(folder.removingLastComponent(), to: names) else { return false }
    // The folder may have been made between the two calls.
    _ = Self.add(folder, to: names)
    return true
  }

  private static func add(_ folder: FilePath, to names: FileWatch) -> Bool {
    names.add(folder.string, events: UInt32(IN_CREATE) | UInt32(IN_MOVED_TO)) != nil
  }
}
