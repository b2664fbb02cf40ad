import BoxLiteServer
import ExecModel
import JSON
import Journal
import SystemPackage
import TestSupport
import Testing

@testable import Instances

@Suite struct ListedExecutionTests {
  private let folder = ScratchFolder()

  /// A journal below the folder, written so far.
  private func journal(_ id: String, _ events: [ExecutionEvent], created: UInt64 = 1) throws -> JournalWriter {
    let identity = JournalIdentity(id: try #require(ExecutionID(id)), box: "local", created: created, watcher: 7)
    let writer = try JournalWriter(
      creating: folder.path.appending(id), identity: identity, spec: ExecutionSpec(command: ["make"], name: "job"))
    for (index, event) in events.enumerated() {
      #expect(writer.publish(event, at: UInt64(index) * 1_000_000_000) == nil)
    }
    return writer
  }

  private func listed(_ id: String) throws -> ListedExecution {
    try ListedExecution(JournalReader(opening: folder.path.appending(id)))
  }

  private let end = Conclusion(outcome: Outcome(status: .exited(3)), bytes: PerStream<UInt64>(stdout: 9, stderr: 1))

  @Test func `a living journal tells how far its execution is`() throws {
    let stories: [([ExecutionEvent], Standing)] = [
      ([], .starting), ([.started(processIdentifier: 1)], .running),
      ([.started(processIdentifier: 1), .exited(.exited(3))], .draining(.exited(3))),
      ([.exited(.exited(3)), .output(.stdout, range: 0..<9, lines: 0)], .draining(.exited(3))),
      ([.exited(.exited(3)), .drainDeadlineElapsed], .emptying(.exited(3))),
      ([.forceClosed, .exited(.exited(3))], .emptying(.exited(3))),
    ]
    for (index, (events, state)) in stories.enumerated() {
      let writer = try journal("live\(index)", events)
      let found = try listed("live\(index)")
      #expect(found.state == state)
      #expect(found.duration == nil)
      #expect(found.whereabouts == "pid 7")
      writer.close()
      #expect(try listed("live\(index)").state == .interrupted)
    }
  }

  @Test(arguments: [0, 200, 5000, 80_000])
  func `a force-close before the exit is found behind whatever a holder writes`(count: UInt64) throws {
    let lines = (0..<count).map { ExecutionEvent.output(.stdout, range: $0..<$0 + 1, lines: 0) }
    let before = (0..<600).map { _ in ExecutionEvent.resumed(.stderr) }
    let writer = try journal(
      "forced", [.started(processIdentifier: 1)] + before + [.forceClosed, .exited(.exited(0))] + lines)
    #expect(try listed("forced").state == .emptying(.exited(0)))
    writer.close()
  }

  @Test func `a finished one tells its end and how long it took`() throws {
    let writer = try journal(
      "done", [.started(processIdentifier: 1), .exited(.exited(3)), .exit(end), .wait(waiter: 0)])
    let found = try listed("done")
    #expect(found.state == .done(end))
    #expect(found.duration == 2_000_000_000)
    #expect(found.bytes == PerStream<UInt64>(stdout: 9, stderr: 1))
    #expect(found.whereabouts == "journal")
    writer.close()
    #expect(try listed("done") == found)
  }

  @Test(arguments: [200, 5000, 80_000])
  func `an exit is found behind whatever a holder writes`(count: UInt64) throws {
    let lines = (0..<count).map { ExecutionEvent.output(.stdout, range: $0..<$0 + 1, lines: 0) }
    let writer = try journal("holder", [.started(processIdentifier: 1), .exited(.exited(0))] + lines)
    #expect(try listed("holder").state == .draining(.exited(0)))
    #expect(try listed("holder").bytes.stdout == count)
    #expect(writer.publish(.drainDeadlineElapsed, at: 1) == nil)
    #expect(try listed("holder").state == .emptying(.exited(0)))
    #expect(writer.publish(.exit(end), at: 2) == nil)
    #expect(try listed("holder").state == .done(end))
    writer.close()
  }

  @Test func `a list has what lives first, the newest before the older, and says what it leaves out`() throws {
    let writers = [
      try journal("old-live", [.started(processIdentifier: 1)], created: 1),
      try journal("new-done", [.exit(end)], created: 9), try journal("old-done", [.exit(end)], created: 5),
      try journal("new-live", [.started(processIdentifier: 1)], created: 3),
    ]
    try FileDescriptor.open(
      folder.path.appending("a-file"), .writeOnly, options: .create, permissions: .ownerReadWrite
    ).close()
    let list = ExecutionList(folder.path)
    #expect(list.executions.map(\.id.description) == ["new-live", "old-live", "new-done", "old-done"])
    #expect(list.problems.count == 1)
    for writer in writers { writer.close() }
  }

  @Test func `a folder that several boxwatches name is read once, and owners are found by it`() throws {
    let writer = try journal("live", [.started(processIdentifier: 1)])
    let owner = Instance(
      processIdentifier: 7, kind: .serve, executionsDirectory: folder.path, socket: FilePath("/s"), address: nil)
    var stranger = owner
    (stranger.processIdentifier, stranger.executionsDirectory) = (8, folder.path)
    let list = ExecutionList(FilePath("/nowhere"), instances: [owner, stranger])
    #expect(list.executions.map(\.owner) == [owner])
    #expect(list.executions.first?.whereabouts == "serve 7")
    var elsewhere = owner
    elsewhere.executionsDirectory = FilePath("/elsewhere")
    #expect(ExecutionList(folder.path, instances: [elsewhere]).executions.map(\.owner) == [nil])
    writer.close()
  }

  @Test func `programs get one object a line, with null for what is not known`() {
    let live = String(decoding: Listed.execution("x", created: 1_500_000_000).json.line, as: UTF8.self)
    #expect(
      live == """
        {"id":"x","name":null,"command":["make"],"box":"local","client_box":null,\
        "user":null,"state":"running","status":null,"code":null,\
        "created":"1970-01-01T00:00:01.500000Z","seconds":null,"stdout_bytes":5,"stderr_bytes":3,"complete":null,\
        "where":"unknown","pid":4711,"command_pid":null,"journal":"/journals/x"}

        """)
    let over = Listed.execution("x", Listed.done(.timedOut, truncated: .stdout), name: "a\u{1B}\"").json.line
    #expect(
      String(decoding: over, as: UTF8.self) == """
        {"id":"x","name":"a\\u001b\\"","command":["make"],"box":"local",\
        "client_box":null,"user":null,"state":"done","status":"timed out","code":124,\
        "created":"1970-01-01T00:00:00.000000Z","seconds":1.5,"stdout_bytes":5,"stderr_bytes":3,"complete":false,\
        "missing":["stdout truncated: it was given up before its end"],"where":"journal","pid":null,"command_pid":null,\
        "journal":"/journals/x"}

        """)
  }
}
