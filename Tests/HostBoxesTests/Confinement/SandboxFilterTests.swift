import ExecEngine
import ExecModel
import Glibc
import Testing

@testable import HostBoxes

/// The filter of system calls, and the gate that it comes through.
@Suite(
  .timeLimit(.minutes(2)), .enabled(if: BoxUnderTest.sandboxProblem == nil, "\(BoxUnderTest.sandboxProblem ?? "")"))
struct SandboxFilterTests {
  @Test
  func `the filter is whole instructions, and fits into the smallest pipe`() throws {
    let program = try SandboxFilter.program()
    #expect(!program.isEmpty && program.count % 8 == 0)
    #expect(program.count <= 8192, "a pipe past the user's quota holds two pages (pipe(7))")
  }

  /// bubblewrap, started as a box does, but with what came through the gate.
  private static func run(through gate: FilterGate) throws -> OneShot.Answer {
    let words = SandboxArguments(
      confinement: Confinement.known ?? .closedNamespace, view: try SandboxView(SandboxOptions(), .inherited()),
      directory: "/", variables: [], command: ["echo", "the command ran"]
    ).words
    let request = SpawnRequest(
      path: try SandboxProbe.program(.inherited()), arguments: words, environment: .inherited(), input: .closed,
      route: .sandboxed, gate: gate)
    return try OneShot.run(request, ProcessSpawner(pumps: .shared))
  }

  @Test
  func `a command runs behind an open gate, and none behind one that was never opened`() throws {
    #expect(try Self.run(through: FilterGate()).text == "the command ran\n")
    let answer = try Self.run(through: FilterGate(program: []))
    #expect(!answer.text.contains("the command ran"))
    #expect(answer.status != .exited(0))
    let part = Array(try SandboxFilter.program().dropLast(3))
    #expect(!(try Self.run(through: FilterGate(program: part)).text.contains("the command ran")))
  }
}
