import ExecEngine
import ExecModel
import Glibc
import Linux
import Testing

@testable import HostBoxes

/// Sandboxes that stay: what they share, how they end, and who is told.
@Suite(
  .timeLimit(.minutes(5)), .enabled(if: BoxUnderTest.sandboxProblem == nil, "\(BoxUnderTest.sandboxProblem ?? "")"))
struct KeptBoxTests {
  private let scratch = Scratch()

  private var boxes: KeptBoxes { KeptBoxes(folder: scratch.path + "/boxes") }

  init() { chmod(scratch.path, 0o700) }

  private static func failure(_ body: () throws(BoxError) -> Void) -> BoxError? {
    do {
      try body()
      return nil
    } catch {
      return error
    }
  }

  @Test
  func `commands share a kept box's files and see each other's processes`() async throws {
    try boxes.create("shared")
    defer { try? boxes.remove("shared", force: true) }
    let box = try #require(try boxes.box(named: "shared"))
    #expect(box.problem() == nil)
    _ = try await Run(box, script: "echo kept >/tmp/file").finish()
    #expect(
      try await Run(box, script: "cat /tmp/file; cat /proc/sys/kernel/hostname").finish().text == "kept\nshared\n")
    let sleeper = try Run(box, script: "echo ready; exec sleep 1234")
    await sleeper.sink.wait { $0.text == "ready\n" }
    let other = try await Run(box, script: "cat /proc/[0-9]*/cmdline | tr '\\0' ' '").finish()
    #expect(other.text.contains("sleep 1234"))
    #expect(box.processCount == 1)
    try sleeper.process.signal(.kill)
    #expect(await sleeper.finish().status == .signalled(9, coreDumped: false))
  }

  @Test
  func `a kept box has what it was made with, and nothing else of the host to write to`() async throws {
    let options = SandboxOptions(binds: [try SandboxBind(text: scratch.path + ":/tmp/in", isReadOnly: false)])
    try boxes.create("bound", options)
    defer { try? boxes.remove("bound", force: true) }
    let box = try #require(try boxes.box(named: "bound"))
    #expect(box.options == options)
    let script =
      "echo out >/tmp/in/file; touch /usr/x 2>/dev/null && echo wrote; tail -n +3 /proc/net/dev | grep -v lo: ; pwd"
    let spec = ExecutionSpec(command: ["sh", "-c", script], workingDirectory: "/tmp/in")
    #expect(try await Run(box, spec).finish().text == "/tmp/in\n")
    #expect(CgroupFile.read(scratch.path + "/file") == "out\n")
  }

  @Test
  func `a command cannot gain privileges, and has no descriptor of ours`() async throws {
    try boxes.create("confined")
    defer { try? boxes.remove("confined", force: true) }
    let box = try #require(try boxes.box(named: "confined"))
    let text = try await Run(box, script: "grep NoNewPrivs /proc/self/status; ls /proc/self/fd | wc -l").finish().text
    // ls itself has the folder open.
    #expect(text == "NoNewPrivs:\t1\n4\n")
  }

  @Test
  func `removing a box ends what runs in it, when that is meant`() async throws {
    try boxes.create("busy")
    let box = try #require(try boxes.box(named: "busy"))
    let run = try Run(box, script: "trap '' TERM; setsid sleep 1000 & echo ready; wait")
    await run.sink.wait { $0.text == "ready\n" }
    let refusal = Self.failure { () throws(BoxError) in try boxes.remove("busy", force: false) }
    #expect(refusal?.description.contains("in the kept box 'busy'") == true)
    try boxes.remove("busy", force: true)
    let record = await run.finish()
    #expect(record.status == .signalled(9, coreDumped: false))
    #expect(record.entries.contains(.end(.stdout)), "what had left the group held the stream")
    #expect(try boxes.names().isEmpty)
    #expect(try boxes.box(named: "busy") == nil)
  }

  @Test
  func `a box that ended is noticed, said, and replaced`() async throws {
    try boxes.create("mortal")
    let box = try #require(try boxes.box(named: "mortal"))
    // From within: everything but the box's first process, so the keeper too.
    _ = try await Run(box, script: "kill -9 -1").finish()
    while box.problem() == nil { poll(nil, 0, 1) }
    #expect(box.problem()?.contains("'mortal' has ended") == true)
    let error = #expect(throws: BoxError.self) { try Run(box, script: "true") }
    #expect(error?.failure == .box)
    try boxes.create("mortal")
    let next = try #require(try boxes.box(named: "mortal"))
    #expect(try await Run(next, script: "echo back").finish().text == "back\n")
    try boxes.remove("mortal", force: false)
  }

  @Test
  func `a number that was given to another process is not mistaken for the box`() throws {
    try boxes.create("reused")
    let box = try #require(try boxes.box(named: "reused"))
    try boxes.remove("reused", force: false)
    #expect(box.problem() != nil)
    let own = try #require(ProcessIdentity(of: getpid()))
    #expect(own.isAlive)
    #expect(!ProcessIdentity(processIdentifier: getpid(), startTime: own.startTime &+ 1).isAlive)
  }

  @Test
  func `of two that make the same box at once, one does`() async throws {
    let boxes = boxes
    let failures = await withTaskGroup(of: BoxError?.self) { group in
      for _ in 0..<4 { group.addTask { Self.failure { () throws(BoxError) in try boxes.create("race") } } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(failures.count { $0 == nil } == 1)
    #expect(failures.compactMap { $0 }.allSatisfy { $0.description.contains("a kept box 'race' already exists") })
    try boxes.remove("race", force: false)
  }

  @Test(arguments: ["", "a/b", "..", ".hidden", "-x", "a b", "docker:web", "ä", String(repeating: "x", count: 64)])
  func `a name that is none is refused`(name: String) throws {
    #expect(Self.failure { () throws(BoxError) in try boxes.create(name) }?.failure == .badName)
    #expect(try boxes.box(named: name) == nil)
  }

  @Test
  func `a box that cannot be made leaves nothing`() throws {
    let missing = SandboxOptions(binds: [try SandboxBind(text: "/no/such", isReadOnly: true)])
    #expect(
      Self.failure { () throws(BoxError) in try boxes.create("no", missing) }?.description.contains("'/no/such'")
        == true)
    let nowhere = SandboxOptions(binds: [try SandboxBind(text: "/etc:/usr/nowhere", isReadOnly: true)])
    #expect(
      Self.failure { () throws(BoxError) in try boxes.create("no", nowhere) }?.description.contains("'/usr/nowhere'")
        == true)
    // A file over a folder is what only bubblewrap finds out.
    let mixed = SandboxOptions(binds: [try SandboxBind(text: "/etc/passwd:/usr", isReadOnly: true)])
    #expect(
      Self.failure { () throws(BoxError) in try boxes.create("no", mixed) }?.description.contains("bubblewrap") == true)
    #expect(try boxes.names().isEmpty)
    #expect(FolderContents.names(in: scratch.path + "/boxes").filter { $0 != ".lock" }.isEmpty)
  }

  @Test
  func `a folder that others can write to is not used`() throws {
    try boxes.create("mine")
    defer { try? boxes.remove("mine", force: true) }
    chmod(scratch.path + "/boxes", 0o777)
    let error = Self.failure { () throws(BoxError) in _ = try boxes.box(named: "mine") }
    #expect(error?.description.contains("open to other users") == true)
    chmod(scratch.path + "/boxes", 0o700)
  }

  @Test
  func `a record that cannot be read says which file`() throws {
    try boxes.create("torn")
    try boxes.remove("torn", force: false)
    try scratch.file("boxes/torn.json", "{")
    let error = Self.failure { () throws(BoxError) in _ = try boxes.box(named: "torn") }
    #expect(error?.description.contains("torn.json") == true)
  }

  @Test(.enabled(if: CgroupSupport.problem == nil, "\(CgroupSupport.problem ?? "")"))
  func `a kept box's limits hold for all of its commands, and its usage is told`() async throws {
    try boxes.create("bounded", SandboxOptions(limits: BoxLimits(memory: 64 << 20, processes: 6)))
    defer { try? boxes.remove("bounded", force: true) }
    let box = try #require(try boxes.box(named: "bounded"))
    #expect(box.capabilities.contains(.usage))
    let eater = try await Run(box, script: "x=$(head -c 200000000 /dev/zero | tr '\\0' x); echo survived").finish()
    #expect(eater.text.isEmpty)
    let forks = "exec 2>&1; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 1000 & done; echo all"
    let run = try Run(box, script: forks)
    await run.sink.wait { $0.status != nil }
    #expect(!run.sink.record.text.contains("all"))
    #expect((box.usage()?.processes ?? 0) >= 6)
    try boxes.remove("bounded", force: true)
    _ = await run.finish()
  }
}
