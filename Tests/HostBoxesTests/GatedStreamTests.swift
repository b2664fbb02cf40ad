import ExecEngine
import ExecModel
import Glibc
import HostBoxes
import Testing

/// A command whose streams are held by hand: the reading stops, nothing is kept, and nothing is lost.
@Suite(.timeLimit(.minutes(10)))
struct GatedStreamTests {
  private static let box = LocalBox()

  private static func start(
    _ script: String, holding held: StreamSet, _ sink: RecordingSink
  ) throws -> any GatedProcess {
    try box.start(ExecutionSpec(command: ["sh", "-c", script]), holding: held, reportingTo: sink)
  }

  /// Looks until it is so; between two looks the processor is given away.
  private static func look(until isSo: () -> Bool) {
    while !isSo(), !Task.isCancelled { sched_yield() }
  }

  @Test
  func `what a held command wrote and its ends stay in the kernel while the exit is told`() async throws {
    let sink = RecordingSink()
    let process = try Self.start("echo first-output; echo bad >&2; exit 3", holding: .both, sink)
    await sink.wait { $0.status != nil }
    #expect(sink.record.entries == [.started, .exited(.exited(3))])
    // Another test's child between fork and exec may hold the writing end a moment longer.
    Self.look { process.level(.stdout)?.isEnded == true }
    #expect(process.level(.stdout)?.unread == 13)
    #expect(process.level(.stderr)?.unread == 4)
    #expect(process.activity() == .ended)
    process.endHold(.stderr)
    await sink.wait { $0.hasClosed(.stderr) }
    #expect(sink.record.stdout.isEmpty)
    #expect(process.level(.stderr) == nil)
    process.endHold(.stdout)
    await sink.wait { $0.hasClosed(.stdout) }
    #expect(sink.record.text == "first-output\n")
    #expect(sink.record.entries.last == .end(.stdout))
    process.release()
    #expect(process.activity() == .gone)
  }

  @Test
  func `a held stream fills its pipe to the last byte and blocks its writer`() async throws {
    let sink = RecordingSink()
    let process = try Self.start("seq 1 200000; exit 5", holding: .stdout, sink)
    let capacity = try #require(process.level(.stdout)?.capacity)
    #expect(capacity >= 4096)
    Self.look { process.level(.stdout)?.unread == capacity }
    var writer: Int32?
    Self.look {
      if case .blockedInWrite(.stdout, let identifier) = process.activity() { writer = identifier }
      return writer != nil
    }
    // The shell waits for seq, or became it: in both cases it sleeps in write(2).
    #expect(try kill(#require(writer), 0) == 0)
    #expect(process.level(.stdout)?.isEnded == false)
    #expect(sink.record.stdout.isEmpty && sink.record.status == nil)
    process.endHold(.stdout)
    await sink.wait { $0.status != nil && $0.hasClosed(.stdout) && $0.hasClosed(.stderr) }
    #expect(sink.record.stdout.count == 1_288_895)
    #expect(sink.record.status == .exited(5))
    process.release()
  }

  @Test
  func `a stream can be held and let go again and again in a flood, and every byte comes`() async throws {
    let sink = RecordingSink()
    let process = try Self.start("seq 1 300000", holding: [], sink)
    for _ in 0..<2000 {
      process.hold(.stdout)
      process.endHold(.stdout)
    }
    await sink.wait { $0.status != nil && $0.hasClosed(.stdout) && $0.hasClosed(.stderr) }
    #expect(sink.record.stdout == (1...300_000).flatMap { Array("\($0)\n".utf8) })
    process.release()
  }

  @Test
  func `emptying a held stream is done when it is let go`() async throws {
    let sink = RecordingSink()
    let process = try Self.start("echo kept; exec sleep 1000", holding: .both, sink)
    Self.look { process.level(.stdout)?.unread == 5 }
    process.emptyStreams(.stdout)
    #expect(process.level(.stdout)?.unread == 5)
    process.endHold(.stdout)
    await sink.wait { $0.hasClosed(.stdout) }
    #expect(sink.record.text == "kept\n")
    #expect(sink.record.entries.last == .emptied(.stdout))
    process.release()
  }

  @Test
  func `a release while held kills, closes and reports nothing more`() async throws {
    let sink = RecordingSink()
    let process = try Self.start("echo never-read; exec sleep 1000", holding: .both, sink)
    Self.look { process.level(.stdout)?.unread == 11 }
    process.release()
    #expect(process.level(.stdout) == nil)
    process.endHold(.stdout)
    #expect(sink.record.entries == [.started])
  }

  @Test
  func `a process that sleeps in anything else is not called blocked in write`() throws {
    let sink = RecordingSink()
    let process = try Self.start("exec sleep 1000", holding: .both, sink)
    Self.look { process.activity() == .waiting }
    #expect(process.activity() == .waiting)
    try process.signal(Signal(number: SIGSTOP))
    Self.look { process.activity() == .stopped }
    #expect(process.activity() == .stopped)
    process.release()
  }
}
