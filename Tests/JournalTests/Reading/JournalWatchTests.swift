import ExecModel
import Glibc
import Linux
import Synchronization
import TestSupport
import Testing

@testable import Journal

@Suite struct JournalWatchTests {
  /// What the kernel tells, as inotify(7) lays it out.
  private func events(_ events: [(watch: Int32, mask: UInt32, name: String)]) -> [UInt8] {
    events.flatMap { event -> [UInt8] in
      var bytes: [UInt8] = []
      let name = Array(event.name.utf8)
      withUnsafeBytes(of: event.watch) { bytes += $0 }
      withUnsafeBytes(of: event.mask) { bytes += $0 }
      withUnsafeBytes(of: UInt32(0)) { bytes += $0 }
      withUnsafeBytes(of: UInt32(name.count)) { bytes += $0 }
      return bytes + name
    }
  }

  @Test func `an overflow of the kernel's queue wakes every sleeper`() throws {
    let watch = JournalWatch.shared
    let journals = try (0..<3).map { _ in try TestJournal() }
    let woken = journals.map { _ in WakeUp() }
    for (journal, woken) in zip(journals, woken) {
      watch.arm(watch.makeKey(), try journal.reader(), until: 0) { woken.signal() }
    }
    events([(-1, UInt32(IN_Q_OVERFLOW), "")]).withUnsafeBytes { FileWatch.parse($0, watch.handle) }
    for woken in woken { #expect(woken.wait()) }
  }

  @Test func `events of unknown watches, with names or cut short, are ignored`() throws {
    let watch = JournalWatch.shared
    let journal = try TestJournal()
    let isWoken = Atomic<Bool>(false)
    let key = watch.makeKey()
    watch.arm(key, try journal.reader(), until: 0) { isWoken.store(true, ordering: .relaxed) }
    let bytes = events([
      (Int32.max, UInt32(IN_MODIFY), ""), (Int32.max - 1, UInt32(IN_IGNORED), "a name"),
      (Int32.max - 2, UInt32(IN_CLOSE_WRITE), ""),
    ])
    for count in 0...bytes.count { bytes[..<count].withUnsafeBytes { FileWatch.parse($0, watch.handle) } }
    var endless = bytes
    for index in 12..<16 { endless[index] = 0xFF }
    endless.withUnsafeBytes { FileWatch.parse($0, watch.handle) }
    #expect(watch.cancel(key) != nil)
    #expect(watch.cancel(key) == nil)
    let wasWoken = isWoken.load(ordering: .relaxed)
    #expect(!wasWoken)
  }

  @Test func `many sleep at once in one thread, and each is woken by its own journal`() throws {
    var journals = try (0..<100).map { _ in try TestJournal() }
    let tails = try journals.map { JournalTail(try $0.reader()) }
    let woken = tails.map { _ in WakeUp() }
    for (tail, woken) in zip(tails, woken) { #expect(tail.arm { woken.signal() }) }
    for index in journals.indices.reversed() {
      journals[index].publish(.started(processIdentifier: 1))
      #expect(woken[index].wait())
      #expect(try tails[index].poll().count == 1)
    }
  }
}
