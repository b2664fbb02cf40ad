import ExecEngine
import ExecModel
import Glibc
import Linux
import Testing

@testable import HostBoxes

/// Real control groups, where this machine lets us make them.
@Suite(.timeLimit(.minutes(5)), .enabled(if: CgroupSupport.problem == nil, "\(CgroupSupport.problem ?? "")"))
struct CgroupTests {
  private static func box(_ limits: BoxLimits) -> BubblewrapBox {
    BubblewrapBox(options: SandboxOptions(limits: limits))
  }

  /// A command outside of any sandbox, in a group.
  private static func run(_ script: String, in group: Cgroup) throws -> (RecordingSink, PipeProcess) {
    let files = try group.openForJoining()
    let sink = RecordingSink()
    let request = SpawnRequest(
      path: "/bin/sh", arguments: ["sh", "-c", script], environment: .inherited(), input: .closed,
      entry: SpawnEntry(groups: files.map(\.raw)))
    let process = try ProcessSpawner(pumps: .shared).start(request, reportingTo: sink)
    withExtendedLifetime(files) {}
    return (sink, process)
  }

  /// A group that the next program sweeps when this one is killed.
  private static func group(_ name: String, _ limits: BoxLimits = BoxLimits()) throws -> Cgroup {
    try CgroupMaker(table: .ofThisProcess()).make("boxwatch-run-\(getpid())-\(name)", limits)
  }

  @Test
  func `a command is in its group before its first instruction, in every tree`() async throws {
    let group = try Self.group("joins")
    let (sink, process) = try Self.run("cat /proc/self/cgroup", in: group)
    await sink.wait { $0.status != nil && $0.hasClosed(.stdout) }
    process.release()
    let lines = sink.record.text.split(separator: "\n").filter { $0.hasSuffix("-joins") }
    #expect(lines.count == group.folders.count && !lines.isEmpty)
    #expect(group.killAll())
    #expect(group.remove())
  }

  @Test(arguments: [false, true])
  func `killing all ends what left the process group, and what is just being made`(byFreezing: Bool) async throws {
    let group = try Self.group("kill\(byFreezing)")
    // Always one more than were just listed. Fifty at a time, and not for ever: a killed test run must not leave a fork bomb.
    let storm = """
      echo started; exec 2>/dev/null; n=0
      while [ $n -lt 20000 ]; do setsid sleep 0.01 & n=$((n+1)); [ $((n % 50)) -gt 0 ] || wait; done
      """
    let (sink, process) = try Self.run(storm, in: group)
    await sink.wait { $0.text == "started\n" }
    #expect(byFreezing ? group.killFrozen() : group.killAll())
    await sink.wait { $0.status != nil && $0.hasClosed(.stdout) && $0.hasClosed(.stderr) }
    #expect(sink.record.status == .signalled(9, coreDumped: false))
    process.release()
    #expect(Self.isGone(group))
  }

  /// A killed process leaves its group a moment after the kill was taken.
  private static func isGone(_ group: Cgroup) -> Bool {
    group.removeWhenEmpty(within: 5000)
  }

  @Test
  func `usage counts memory, time and processes`() async throws {
    let group = try Self.group("usage")
    let script = "i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done; echo done; read x <&-; exec sleep 1000"
    let (sink, process) = try Self.run(script, in: group)
    await sink.wait { $0.text == "done\n" }
    let usage = group.usage()
    #expect(usage.processes == 1)
    #expect((usage.processorNanoseconds ?? 0) > 1_000_000)
    #expect((usage.memory ?? 0) > 10_000)
    group.killAll()
    process.release()
    #expect(Self.isGone(group))
  }

  @Test
  func `more memory than allowed kills only the command`() async throws {
    let script = "echo started; x=$(head -c 200000000 /dev/zero | tr '\\0' x); echo survived"
    let record = try await Run(Self.box(BoxLimits(memory: 32 << 20)), script: script).finish()
    #expect(record.text.hasPrefix("started\n"))
    #expect(!record.text.contains("survived"))
    #expect(record.status != .exited(0))
  }

  @Test
  func `more processes than allowed are refused to the command`() async throws {
    let script = "exec 2>&1; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 1000 & done; echo all"
    let record = try await Run(Self.box(BoxLimits(processes: 5)), script: script).finish()
    #expect(!record.text.hasPrefix("all"))
    #expect(record.text.contains("ork"), "the shell's own words: Cannot fork")
  }

  @Test
  func `a processor's share bounds the time that is used`() async throws {
    let script = "timeout 0.5 sh -c 'while :; do :; done'; cat /proc/self/cgroup >/dev/null; times | tail -n 1"
    let record = try await Run(Self.box(BoxLimits(milliProcessors: 100)), script: script).finish()
    // `0m0.050000s 0m0.000000s`: a tenth of half a second, and a period's worth of slack.
    let seconds = record.text.split(whereSeparator: { $0 == "m" || $0 == "s" }).compactMap { Double($0) }
    #expect(seconds.count >= 2 && seconds[1] < 0.25, "\(record.text)")
  }

  @Test
  func `a group is gone when its command was given back`() async throws {
    let lease = try CgroupLease(BoxLimits(processes: 20))
    let files = try lease.group.openForJoining()
    let sink = RecordingSink()
    let request = SpawnRequest(
      path: "/bin/sh", arguments: ["sh", "-c", "setsid sleep 1000 >/dev/null 2>&1 & exit 0"], environment: .inherited(),
      input: .closed, entry: SpawnEntry(groups: files.map(\.raw)), lease: lease)
    let process = try ProcessSpawner(pumps: .shared).start(request, reportingTo: sink)
    withExtendedLifetime(files) {}
    await sink.wait { $0.status != nil && $0.hasClosed(.stdout) && $0.hasClosed(.stderr) }
    process.release()
    // What was left in it is killed, and it goes with one of the next groups at the latest.
    #expect(Self.isGone(lease.group))
  }

  @Test
  func `a group that was left is made again without its limits, and one in use is refused`() async throws {
    let old = try Self.group("again", BoxLimits(processes: 7))
    let new = try Self.group("again")
    #expect(new == old)
    #expect(CgroupFile.words(try #require(new.folder(.pids)).file("pids.max")) == ["max"])
    let (sink, process) = try Self.run("echo started; exec sleep 1000", in: new)
    await sink.wait { $0.text == "started\n" }
    let error = #expect(throws: CgroupRefusal.self) { try Self.group("again", BoxLimits(processes: 7)) }
    #expect(error?.reason.contains("already exists, with processes in it") == true)
    new.killAll()
    process.release()
    #expect(Self.isGone(new))
  }

  @Test
  func `groups of killed processes are swept, those of living ones are not`() throws {
    let tree = try #require(CgroupTable.ofThisProcess().hierarchies.first)
    // No process has a number above the kernel's largest.
    let dead = ["boxwatch-run-4194305-1", "boxwatch-kept-a-box-4194305", "boxwatch-kept-a-box-4194305.2"]
    let alive = ["boxwatch-run-\(getpid())-999999", "boxwatch-kept-a-box-\(getpid()).999999"]
    for name in dead + alive { #expect(mkdir(tree.own + "/" + name, 0o755) == 0) }
    defer { for name in alive { rmdir(tree.own + "/" + name) } }
    CgroupSweep.run(.ofThisProcess(), .ofCommands)
    CgroupSweep.run(.ofThisProcess(), .ofKeptBoxes)
    for name in dead { #expect(access(tree.own + "/" + name, F_OK) != 0, "\(name) is left") }
    for name in alive { #expect(access(tree.own + "/" + name, F_OK) == 0, "\(name) is gone") }
  }

  @Test
  func `the group of a kept box that lives stays when its maker has ended`() async throws {
    let (group, sink, process) = try Self.runWithoutMaker()
    await sink.wait { $0.text == "started\n" }
    CgroupSweep.run(.ofThisProcess(), .ofKeptBoxes)
    for folder in group.folders { #expect(access(folder.path, F_OK) == 0) }
    group.killAll()
    process.release()
    #expect(Self.isGone(group))
  }

  /// A command in a group whose maker has ended; the sweep of another test can take the group until the command has joined it.
  private static func runWithoutMaker() throws -> (Cgroup, RecordingSink, PipeProcess) {
    var triesLeft = 100
    while true {
      let group = try CgroupMaker(table: .ofThisProcess()).make("boxwatch-kept-lives-4194305.1", BoxLimits())
      do {
        let (sink, process) = try run("echo started; exec sleep 1000", in: group)
        return (group, sink, process)
      } catch {
        triesLeft -= 1
        guard triesLeft > 0 else { throw error }
      }
    }
  }
}
