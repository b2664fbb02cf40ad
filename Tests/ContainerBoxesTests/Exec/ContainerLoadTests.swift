import ExecEngine
import ExecModel
import Glibc
import HostBoxes
import Linux
import TestSupport
import Testing

@testable import ContainerBoxes

/// P2 and P7 for containers: whole under load, and everything given back.
@Suite(.enabled(if: RealEngine.problem.isEmpty, "\(RealEngine.problem)"), .serialized, .timeLimit(.minutes(5)))
struct ContainerLoadTests {
  @Test(arguments: RealEngine.all)
  func `P2 sixty short commands under four burners lose nothing`(_ real: RealEngine) throws {
    let run = EngineRun()
    let burners = try Burners(4)
    defer { burners.stop() }
    let box = real.box
    for _ in 0..<15 {
      let ids = try (0..<4).map { _ in try run.start("echo X; printf E >&2; exit 3", in: box) }
      for id in ids {
        #expect(try run.end(id).outcome == Outcome(status: .exited(3)))
        #expect(run.text(.stdout, id) == "X\n")
        #expect(run.text(.stderr, id) == "E")
      }
    }
  }

  @Test(arguments: RealEngine.all)
  func `P2 sixteen megabytes on both streams are whole`(_ real: RealEngine) throws {
    let run = EngineRun()
    let script = "head -c 8000000 /dev/zero | tr '\\0' x & head -c 8000000 /dev/zero | tr '\\0' y >&2; wait"
    let id = try run.start(script, in: real.box)
    let conclusion = try run.end(id)
    #expect(conclusion.bytes == PerStream<UInt64>(stdout: 8_000_000, stderr: 8_000_000))
    #expect(conclusion.isWhole)
    #expect(run.bytes(.stdout, id).allSatisfy { $0 == UInt8(ascii: "x") })
    #expect(run.bytes(.stderr, id).allSatisfy { $0 == UInt8(ascii: "y") })
  }

  @Test func `P7 descriptors and threads are the same after many commands in a docker container`() async {
    await #expect(processExitsWith: .success) { try expectNoLeak(.docker) }
  }

  @Test func `P7 descriptors and threads are the same after many commands in a podman container`() async {
    await #expect(processExitsWith: .success) { try expectNoLeak(.podman) }
  }
}

private func expectNoLeak(_ kind: EngineKind) throws {
  let box = try RealEngine.of(kind).box
  let run = EngineRun()
  try burst(run, box)
  let (descriptors, threads) = (count("fd"), count("task"))
  for _ in 0..<8 { try burst(run, box) }
  // A connection may still be on its way to its end.
  #expect(count("fd") <= descriptors + 4)
  #expect(count("task") <= threads)
}

private func burst(_ run: EngineRun, _ box: ContainerBox) throws {
  for _ in 0..<5 {
    let id = try run.start("echo X", in: box)
    _ = try run.end(id)
    try run.engine.remove(id)
  }
}

private func count(_ kind: String) -> Int { FolderContents.names(in: "/proc/self/\(kind)").count }
