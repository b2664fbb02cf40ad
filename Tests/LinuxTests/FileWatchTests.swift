import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Linux

@Suite(.timeLimit(.minutes(10)))
struct FileWatchTests {
  private static func wait(_ watch: FileWatch) -> [UInt32] {
    var entry = pollfd(fd: watch.raw, events: Int16(POLLIN), revents: 0)
    while poll(&entry, 1, 60_000) < 0, errno == EINTR {}
    var masks: [UInt32] = []
    watch.read { masks.append($1) }
    return masks
  }

  @Test func `a write to a watched file is reported once, and the same file has the same number`() throws {
    let folder = ScratchFolder()
    let path = folder.path.appending("file").string
    let file = try Descriptor.open(path, flags: O_RDWR | O_CREAT, mode: 0o600)
    let watch = try FileWatch()
    let events = UInt32(IN_MODIFY) | UInt32(IN_ONESHOT)
    let number = try #require(watch.add(path, events: events))
    _ = [1].withUnsafeBytes { FileCalls.write($0, to: file.raw, at: 0) }
    #expect(Self.wait(watch).first == UInt32(IN_MODIFY))
    let again = try #require(watch.add(path, events: events))
    #expect(watch.add(path, events: events) == again)
    watch.remove(again)
    #expect(Self.wait(watch) == [UInt32(IN_IGNORED)])
    #expect(number >= 0)
    withExtendedLifetime(file) {}
  }

  @Test func `what cannot be watched has no number, and without events nothing is read`() throws {
    let watch = try FileWatch()
    #expect(watch.add("/nothing/here", events: UInt32(IN_MODIFY)) == nil)
    watch.read { _, _ in Issue.record("there is no event") }
  }

  @Test func `a cut event is left out, also when only its name is cut`() {
    var bytes = [UInt8](repeating: 0, count: 32)
    bytes[0] = 5
    bytes[4] = 2
    for count in 0...32 {
      var found: [Int32] = []
      bytes[..<count].withUnsafeBytes { FileWatch.parse($0) { number, _ in found.append(number) } }
      #expect(found == Array([5, 0].prefix(count / 16)))
    }
    for index in 12..<16 { bytes[index] = 0xFF }
    var count = 0
    bytes.withUnsafeBytes { FileWatch.parse($0) { _, _ in count += 1 } }
    #expect(count == 0)
  }
}
