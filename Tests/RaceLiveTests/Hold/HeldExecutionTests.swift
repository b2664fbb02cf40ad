import Console
import ExecModel
import Glibc
import LabUI
import Linux
import RaceLab
import TestSupport
import Testing

@testable import RaceLive

/// Real commands behind gates: what each dispatcher tells at each moment, and that nothing is left behind.
@Suite(.timeLimit(.minutes(10)))
struct HeldExecutionTests {
  private static let report = ["sh", "-c", "echo first-output && exit 0"]

  @Test func `an exit that is released first loses output with exit-first, not with drain-ordered`() throws {
    let run = try HeldRun(Self.report)
    var snapshot = try run.wait { $0.exit.status != nil && $0.pipes.values.allSatisfy(\.isEndWaiting) }
    #expect(snapshot.activity == .ended)
    #expect(snapshot.pipes.stdout.unread == 13)
    #expect(try snapshot.half(.exitFirst).verdict == "reading, nothing so far")

    run.execution.set(.exit, isHeld: false)
    snapshot = run.execution.snapshot
    #expect(try snapshot.half(.exitFirst).verdict == "done, exit 0, 13 bytes lost")
    #expect(try snapshot.half(.exitFirst).told.map(\.words) == ["Exit: exit 0"])
    #expect(try snapshot.half(.drainOrdered).verdict == "held back: stdout and stderr open")
    #expect(try snapshot.half(.drainOrdered).told.isEmpty)

    run.execution.set(.stdout, isHeld: false)
    snapshot = try run.wait { $0.pipes.stdout.isOver }
    #expect(try snapshot.half(.drainOrdered).verdict == "held back: stderr open")
    run.execution.set(.stderr, isHeld: false)
    snapshot = try run.wait { $0.isComplete && $0.activity == .gone }
    #expect(try snapshot.half(.exitFirst).verdict == "done, exit 0, 13 bytes lost")
    #expect(try snapshot.half(.exitFirst).lines.stdout.isEmpty)
    let right = try snapshot.half(.drainOrdered)
    #expect(right.verdict == "done, exit 0, whole")
    #expect(right.lines.stdout == ["first-output"])
    #expect(right.told.map(\.words) == ["stdout, 13 bytes", "Exit: exit 0"])
  }

  @Test func `an exit that is released last is lost by no dispatcher`() throws {
    let run = try HeldRun(Self.report)
    try run.wait { $0.exit.status != nil }
    run.execution.set(.stdout, isHeld: false)
    run.execution.set(.stderr, isHeld: false)
    let before = try run.wait { $0.pipes.stdout.isOver && $0.pipes.stderr.isOver }
    // eof-only tells an end that it knows nothing of.
    #expect(try before.half(.endOfStreamOnly).verdict == "done, status unknown, nothing lost yet")
    #expect(try before.half(.exitFirst).end == nil)
    run.execution.set(.exit, isHeld: false)
    let snapshot = try run.wait { $0.isComplete }
    for kind in [DispatcherKind.exitFirst, .exitGated, .lateRegistration, .drainOrdered] {
      #expect(try snapshot.half(kind).verdict == "done, exit 0, whole", "\(kind.name)")
    }
  }

  @Test func `fixed-timer reports the end when its time is up, whatever is held`() throws {
    let timers = ManualTimers()
    let run = try HeldRun(Self.report, timers: timers)
    try run.wait { $0.exit.status != nil }
    run.execution.set(.exit, isHeld: false)
    timers.advance(by: .milliseconds(1999))
    #expect(try run.execution.snapshot.half(.fixedTimer).verdict == "held back: stdout and stderr open")
    timers.advance(by: .milliseconds(1))
    let left = try run.execution.snapshot.half(.fixedTimer)
    #expect(left.verdict == "done, exit 0, 13 bytes lost")
    #expect(left.endTime == 2_000_000_000)
    run.execution.end()
  }

  @Test func `it is looked at ever less often while nothing changes, and no more after the end`() throws {
    let timers = ManualTimers()
    let run = try HeldRun(Self.report, holding: [.stdout], timers: timers)
    try run.wait { $0.exit.status != nil && $0.pipes.stderr.isOver }
    // What other threads still tell of the end may come between; looking itself would be news each time.
    var isQuiet = false
    for _ in 0..<100 where !isQuiet {
      run.wake.clear()
      timers.advance(by: .seconds(10))
      isQuiet = !run.wake.wait(milliseconds: 0)
    }
    #expect(isQuiet, "looking is no news")
    run.execution.end()
    timers.advance(by: .seconds(10))
    #expect(timers.pendingCount == 0)
  }

  @Test func `a held stdout fills its pipe to capacity and blocks the command in write`() throws {
    let run = try HeldRun(["seq", "1", "200000"], holding: [.stdout])
    var snapshot = try run.wait { snapshot in
      guard case .blockedInWrite(.stdout, _) = snapshot.activity else { return false }
      return snapshot.pipes.stdout.isFull
    }
    #expect(snapshot.pipes.stdout.unread == snapshot.pipes.stdout.capacity)
    #expect(snapshot.activity.words == "blocked in write to stdout")
    #expect(snapshot.exit.status == nil)
    #expect(snapshot.moments.contains { $0.kind == .blocked(.stdout) })
    run.execution.set(.stdout, isHeld: false)
    snapshot = try run.wait { $0.isComplete }
    #expect(snapshot.pipes.stdout.read == 1_288_895)
    let right = try snapshot.half(.drainOrdered)
    #expect(right.verdict == "done, exit 0, whole")
    #expect(right.read.stdout == 1_288_895)
    #expect(right.lines.stdout.suffix(2) == ["199999", "200000"])
  }

  @Test func `the loss grows as more output is read`() throws {
    let run = try HeldRun(["sh", "-c", "seq 1 200000 & exit 7"], holding: [.stdout, .exit])
    var snapshot = try run.wait { $0.exit.status != nil && $0.pipes.stdout.isFull }
    #expect(!snapshot.pipes.stdout.isEndWaiting)
    let capacity = snapshot.pipes.stdout.capacity
    run.execution.set(.exit, isHeld: false)
    #expect(try run.execution.snapshot.half(.exitFirst).lost.stdout == capacity)
    run.execution.set(.stdout, isHeld: false)
    snapshot = try run.wait { $0.isComplete }
    #expect(try snapshot.half(.exitFirst).verdict == "done, exit 7, 1,288,895 bytes lost")
    #expect(try snapshot.half(.drainOrdered).verdict == "done, exit 7, whole")
  }

  @Test func `what was held gives its descriptors back, whether it came to its end or was ended`() async {
    await #expect(processExitsWith: .success) {
      let wake = try WakeDescriptor()
      func hold(_ command: [String], _ use: (HeldExecution) -> Void) throws {
        let execution = try HeldExecution(command, onChange: wake.wake)
        use(execution)
        execution.end()
      }
      func both() throws {
        try hold(["sh", "-c", "sleep 1000 & echo held"]) { _ in }
        try hold(["echo", "whole"]) { execution in
          execution.releaseAll()
          while execution.snapshot.activity != .gone { wake.wait(milliseconds: 60_000) }
        }
      }
      try both()
      let before = (0..<1024).count { fcntl($0, F_GETFD) >= 0 }
      for _ in 0..<50 { try both() }
      let after = (0..<1024).count { fcntl($0, F_GETFD) >= 0 }
      // The wake-up of an execution closes with the last look at it, a sixth of a second later at the most.
      #expect(after - before < 50)
    }
  }

  @Test func `ending the lab leaves no process of the group and no zombie`() throws {
    let run = try HeldRun(["sh", "-c", "sleep 1000 & echo $$; seq 1 200000"])
    let snapshot = try run.wait {
      guard case .blockedInWrite(.stdout, _) = $0.activity else { return false }
      return true
    }
    let group = try #require(snapshot.processIdentifier)
    guard case .blockedInWrite(_, let writer) = snapshot.activity else {
      Issue.record("\(snapshot.activity)")
      return
    }
    #expect(kill(group, 0) == 0)
    run.execution.end()
    #expect(kill(group, 0) == -1, "the leader was reaped")
    // The rest of the group dies with it, and is reaped by the process that inherits it: only a zombie may be left to see.
    var entry = pollfd(fd: -1, events: 0, revents: 0)
    while Self.isAlive(writer), !Task.isCancelled { poll(&entry, 1, 1) }
    #expect(!Self.isAlive(writer))
    run.execution.end()
    #expect(run.execution.snapshot.processIdentifier == group)
  }

  /// Whether a process is there and no zombie.
  private static func isAlive(_ process: Int32) -> Bool {
    var bytes = [UInt8](repeating: 0, count: 512)
    let descriptor = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    let count = max(0, read(descriptor, &bytes, 512))
    let text = String(decoding: bytes.prefix(count), as: UTF8.self)
    return text.split(separator: ")").last?.split(separator: " ").first != "Z"
  }

  @Test func `a command that cannot start says why`() throws {
    let wake = try WakeDescriptor()
    #expect(throws: (any Error).self) { try HeldExecution(["no-such-command-here"], onChange: wake.wake) }
  }
}
