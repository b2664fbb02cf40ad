import ExecModel
import Journal
import SystemPackage
import TestSupport
import Testing

@testable import ExecEngine

/// The oracle sees what it is there for: hand-written records, one right, the others each with one thing wrong.
@Suite struct JournalOracleTests {
  private static let ended = Conclusion(outcome: Outcome(status: .exited(0)), bytes: PerStream<UInt64>(stdout: 2))

  private static let right: [ExecutionEvent] = [
    .started(processIdentifier: 4711), .output(.stdout, range: 0..<2, lines: 1), .exited(.exited(0)),
    .endOfStream(.stdout), .endOfStream(.stderr), .exit(ended), .wait(waiter: 0), .wait(waiter: 1),
  ]

  /// What the oracle says about a record of these events, a millisecond apart.
  private func complaint(_ events: [ExecutionEvent]) throws -> String? {
    try complaint(events.enumerated().map { ($0.element, UInt64($0.offset) * 1_000_000) })
  }

  private func complaint(_ events: [(ExecutionEvent, UInt64)]) throws -> String? {
    let folder = ScratchFolder()
    let directory = folder.path.appending("run")
    let id = try #require(ExecutionID("run"))
    let identity = JournalIdentity(id: id, box: "scripted", created: 0, watcher: 1)
    let journal = try JournalWriter(creating: directory, identity: identity, spec: ExecutionSpec(command: ["test"]))
    for (event, time) in events { #expect(journal.publish(event, at: time) == nil) }
    journal.close()
    return JournalOracle.complaint(directory)
  }

  private func moving(_ index: Int, to place: Int) -> [ExecutionEvent] {
    var events = Self.right
    events.insert(events.remove(at: index), at: place)
    return events
  }

  @Test func `a right record gives no complaint`() throws {
    #expect(try complaint(Self.right) == nil)
  }

  @Test func `an exit that overtook the output is seen: the race this program is about`() throws {
    #expect(try complaint(moving(1, to: 5)) != nil)
    // The same as a waiter that announces the end by itself would have it: nothing is known to be open any more.
    #expect(try complaint(moving(5, to: 1)) != nil)
  }

  @Test func `output after the exit is seen, also when all else is right`() throws {
    let events = Self.right + [.output(.stdout, range: 2..<3, lines: 1)]
    #expect(try complaint(events)?.contains("after the exit") == true)
  }

  @Test func `two exits are seen`() throws {
    #expect(try complaint(Self.right + [.exit(Self.ended)])?.contains("after the exit") == true)
  }

  @Test func `a record without an exit is seen`() throws {
    #expect(try complaint(Array(Self.right.prefix(5))) == "no exit")
  }

  @Test func `a gap and a repeat in the output are seen`() throws {
    for start in [1, 3] as [UInt64] {
      var events = Self.right
      events.insert(.output(.stdout, range: start..<4, lines: 1), at: 2)
      #expect(try complaint(events)?.contains("gap") == true)
    }
  }

  @Test func `a wait before the exit is seen`() throws {
    #expect(try complaint(moving(6, to: 5)) == "a wait before the exit")
  }

  @Test func `a waiter that was answered twice or never is seen`() throws {
    #expect(try complaint(Self.right + [.wait(waiter: 1)])?.contains("wait 1") == true)
    #expect(try complaint(Self.right + [.wait(waiter: 3)])?.contains("wait 3") == true)
  }

  @Test func `wrong counts and a wrong outcome are seen`() throws {
    var events = Self.right
    events[5] = .exit(Conclusion(outcome: Outcome(status: .exited(0)), bytes: PerStream<UInt64>(stdout: 3)))
    #expect(try complaint(events)?.contains("replayed") == true)
    events[5] = .exit(Conclusion(outcome: Outcome(status: .exited(1)), bytes: PerStream<UInt64>(stdout: 2)))
    #expect(try complaint(events)?.contains("replayed") == true)
    let cut = Outcome(status: .exited(0), truncated: .stderr)
    events[5] = .exit(Conclusion(outcome: cut, bytes: PerStream<UInt64>(stdout: 2)))
    #expect(try complaint(events)?.contains("replayed") == true)
  }

  @Test func `an end of stream that is missing is seen`() throws {
    var events = Self.right
    events.remove(at: 4)
    #expect(try complaint(events) != nil)
  }

  @Test func `a notice after the exit is seen`() throws {
    #expect(try complaint(Self.right + [.resumed(.stdout)])?.contains("after the exit") == true)
  }

  @Test func `a time that goes back is seen`() throws {
    var events = Self.right.enumerated().map { ($0.element, UInt64($0.offset)) }
    events[4].1 = 1
    #expect(try complaint(events)?.contains("time goes back") == true)
  }
}
