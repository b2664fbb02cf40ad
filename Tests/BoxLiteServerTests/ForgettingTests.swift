import BoxLiteWire
import ExecEngine
import ExecModel
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import BoxLiteServer

@Suite(.serialized) struct ForgettingTests {
  /// A figure of proc_pid_status(5), in its own unit.
  private func figure(_ name: String) -> Int {
    let file = open("/proc/self/status", O_RDONLY | O_CLOEXEC)
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 16_384)
    let count = read(file, &bytes, bytes.count)
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
  }

  @Test func `ten thousand short executions leave nothing behind in the server`() throws {
    // In memory, as ten thousand journals would be a test of the disk.
    let folder = ScratchFolder(in: access("/dev/shm", W_OK) == 0 ? "/dev/shm" : nil)
    let timers = ManualTimers()
    let engine = Engine(stateDirectory: folder.path, timers: timers)
    let store = Store(engine, ServerConfiguration()) { timers.now() }
    let box = InstantBox()
    let body = try ExecBody(body: Array(#"{"command":"short"}"#.utf8))
    var resident: [Int] = []
    for _ in 0..<10 {
      for _ in 0..<1000 {
        let id = try store.exec(BoxPlace(id: "b", box: box), body)
        store.release(try store.claim(id, AttachQuery("")), .sure)
      }
      #expect(engine.snapshots().count == 1000)
      timers.advance(by: .seconds(301))
      store.reap()
      #expect(engine.snapshots().isEmpty)
      #expect(store.content.withLock { $0.executions.isEmpty })
      resident.append(figure("VmRSS"))
    }
    #expect(timers.pendingCount == 0)
    #expect(resident[9] - resident[2] < 16_384, "kilobytes after each thousand: \(resident)")
  }
}
