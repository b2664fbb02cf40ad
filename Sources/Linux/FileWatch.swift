import Glibc
package import SystemPackage

/// Reports changes of files (inotify(7)).
package final class FileWatch: Sendable {
  /// One watched file; the kernel gives the same number for the same file.
  package typealias Number = Int32

  private let queue: Descriptor

  /// Watches nothing yet.
  ///
  /// - Throws: `EMFILE` when no descriptor, or none of the user's inotify instances, is left.
  package init() throws(Errno) {
    queue = Descriptor(raw: inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC)))
    guard queue.isOpen else { throw Errno(rawValue: errno) }
  }

  /// Its descriptor, for poll(2); readable when there are events.
  package var raw: Int32 { queue.raw }

  /// Reports these events of a file, in place of those that were watched; nil when the kernel has no watch for it.
  package func add(_ path: String, events: UInt32) -> Number? {
    let number = inotify_add_watch(queue.raw, path, events)
    return number < 0 ? nil : number
  }

  /// Stops watching a file.
  package func remove(_ number: Number) { inotify_rm_watch(queue.raw, number) }

  /// Reads what has happened, without waiting, and calls `body` with each file and its events.
  ///
  /// The number is −1 when events were lost (`IN_Q_OVERFLOW`).
  package func read(_ body: (Number, UInt32) -> Void) {
    withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 8) { buffer in
      let count = Glibc.read(queue.raw, buffer.baseAddress, buffer.count)
      guard count > 0 else { return }
      Self.parse(UnsafeRawBufferPointer(rebasing: buffer[..<count]), body)
    }
  }

  /// Reads events as the kernel writes them: watch, mask, cookie, length of the name, and name; a part of one is left
  /// out.
  package static func parse(_ events: UnsafeRawBufferPointer, _ body: (Number, UInt32) -> Void) {
    var place = 0
    while place + 16 <= events.count {
      let number = events.loadUnaligned(fromByteOffset: place, as: Number.self)
      let mask = events.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self)
      let next = place + 16 + Int(events.loadUnaligned(fromByteOffset: place + 12, as: UInt32.self))
      guard next <= events.count else { return }
      body(number, mask)
      place = next
    }
  }
}
