import ExecEngine
import ExecModel
import Glibc
import Testing

@testable import Boxes

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
    for number in Self.strangers where guardian?.process == old { try guardian?.watch(number) }
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
    for number in Self.strangers { try guardian?.watch(number) }
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
