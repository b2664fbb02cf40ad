import ExecEngine
import ExecModel
import Glibc
import Linux
import Testing

@testable import HostBoxes

/// The process that ends sandboxes when their program is gone.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct SandboxGuardianTests {
  /// Numbers that no process has: more than the kernel's largest (`PID_MAX_LIMIT`, 2^22).
  private static let strangers = Int32(5_000_000)..<5_001_000

  @Test
  func `one that is stopped is replaced, and kills nothing by its old list`() async throws {
    let run = try Run(LocalBox(), ExecutionSpec(command: ["sleep", "1000"]))
    let group = try #require(run.sink.record.processIdentifier)
    var guardian: SandboxGuardian? = SandboxGuardian()
    try guardian?.watch(group)
    let old = try #require(guardian?.process)
    #expect(kill(old, SIGSTOP) == 0)
    for number in Self.strangers where guardian?.process == old { try guardian?.watch(number, since: 1, []) }
    let next = try #require(guardian?.process)
    #expect(next != old, "its socket was never full")
    Self.awaitEnd(of: old)
    try await expectUntouched(run, until: { guardian?.forget(group) })
    // A zombie that stays starves the library's exit tests: it looks for ends of children by waitid(P_ALL, WNOWAIT).
    guardian = nil
    Self.awaitEnd(of: next)
  }

  @Test
  func `one that cannot be told to forget is replaced, and the next knows only what is left`() async throws {
    let run = try Run(LocalBox(), ExecutionSpec(command: ["sleep", "1000"]))
    let group = try #require(run.sink.record.processIdentifier)
    var guardian: SandboxGuardian? = SandboxGuardian()
    try guardian?.watch(group)
    for number in Self.strangers { try guardian?.watch(number, since: 1, []) }
    let old = try #require(guardian?.process)
    #expect(kill(old, SIGSTOP) == 0)
    for number in Self.strangers where guardian?.process == old { guardian?.forget(number) }
    let next = try #require(guardian?.process)
    #expect(next != old, "its socket was never full")
    Self.awaitEnd(of: old)
    guardian?.forget(group)
    // The end of its socket, as when this process is killed.
    guardian = nil
    Self.awaitEnd(of: next)
    try await expectUntouched(run, until: {})
  }

  @Test
  func `at its end it kills what is left, but no group whose number another process has`() async throws {
    let ours = try Run(LocalBox(), ExecutionSpec(command: ["sleep", "1000"]))
    let stranger = try Run(LocalBox(), ExecutionSpec(command: ["sleep", "1000"]))
    let group = try #require(ours.sink.record.processIdentifier)
    let other = try #require(stranger.sink.record.processIdentifier)
    let start = try #require(ProcessDirectory(processIdentifier: other).startTime())
    var guardian: SandboxGuardian? = SandboxGuardian()
    try guardian?.watch(other, since: start - 1, [])
    try guardian?.watch(group)
    let process = try #require(guardian?.process)
    guardian = nil
    Self.awaitEnd(of: process)
    #expect(await ours.finish().status == .signalled(SIGKILL, coreDumped: false))
    try await expectUntouched(stranger, until: {})
  }

  @Test
  func `one that a user killed is replaced at the next start, and the next knows all groups`() async throws {
    let run = try Run(LocalBox(), ExecutionSpec(command: ["sleep", "1000"]))
    let group = try #require(run.sink.record.processIdentifier)
    var guardian: SandboxGuardian? = SandboxGuardian()
    try guardian?.watch(group)
    let old = try #require(guardian?.process)
    #expect(kill(old, SIGKILL) == 0)
    // Its end of the socket is closed when it is a zombie, which is not reaped here: it is the guardian's to reap.
    while waitid(P_PID, id_t(old), nil, WEXITED | WNOWAIT) < 0, errno == EINTR {}
    try guardian?.watch(Self.strangers.lowerBound, since: 1, [])
    let next = try #require(guardian?.process)
    #expect(next != old)
    guardian = nil
    Self.awaitEnd(of: next)
    #expect(await run.finish().status == .signalled(SIGKILL, coreDumped: false))
  }

  @Test
  func `a thousand groups are named, forgotten and watched again, and their folders removed at the end`() throws {
    let scratch = Scratch()
    let folders = (0..<3).map { scratch.path + "/group of \($0)" }
    for folder in folders { #expect(mkdir(folder, 0o700) == 0) }
    var guardian: SandboxGuardian? = SandboxGuardian()
    for round in 0..<3 {
      for number in Self.strangers { try guardian?.watch(number, since: 1, []) }
      for number in Self.strangers where number % 3 == round { guardian?.forget(number) }
    }
    try guardian?.watch(Self.strangers.upperBound, since: 1, folders)
    let process = try #require(guardian?.process)
    guardian = nil
    Self.awaitEnd(of: process)
    for folder in folders { #expect(access(folder, F_OK) != 0, "\(folder) is left") }
  }

  @Test
  func `a list that is longer than the socket's buffer reaches the next one whole`() async throws {
    let first = try Run(LocalBox(), ExecutionSpec(command: ["sleep", "1000"]))
    let group = try #require(first.sink.record.processIdentifier)
    var guardian: SandboxGuardian? = SandboxGuardian()
    try guardian?.watch(group)
    // 400 KiB, twice what a socket holds by default (socket(7), wmem_default).
    let folders = (0..<8).map { "/no/such/\($0)" + String(repeating: "x", count: 240) }
    for number in Self.strangers.prefix(200) { try guardian?.watch(number, since: 1, folders) }
    let old = try #require(guardian?.process)
    #expect(kill(old, SIGKILL) == 0)
    while waitid(P_PID, id_t(old), nil, WEXITED | WNOWAIT) < 0, errno == EINTR {}
    let last = try Run(LocalBox(), ExecutionSpec(command: ["sleep", "1000"]))
    try guardian?.watch(try #require(last.sink.record.processIdentifier))
    let next = try #require(guardian?.process)
    #expect(next != old)
    guardian = nil
    Self.awaitEnd(of: next)
    for run in [first, last] { #expect(await run.finish().status == .signalled(SIGKILL, coreDumped: false)) }
  }

  @Test
  func `a group whose start time is not known is refused`() throws {
    let guardian = SandboxGuardian()
    #expect(throws: BoxError.self) { try guardian.watch(Self.strangers.lowerBound) }
    #expect(guardian.process == 0)
  }

  /// Lets a guardian that is left go on, and waits until it has done what it would do.
  private static func awaitEnd(of guardian: Int32) {
    kill(guardian, SIGCONT)
    while waitpid(guardian, nil, 0) < 0, errno == EINTR {}
  }

  private func expectUntouched(_ run: Run, until forget: () -> Void) async throws {
    try? run.process.signal(.terminate)
    let record = await run.finish()
    #expect(record.status == .signalled(SIGTERM, coreDumped: false))
    forget()
  }
}
