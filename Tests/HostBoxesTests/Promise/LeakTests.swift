import ExecEngine
import ExecModel
import Glibc
import HostBoxes
import TestSupport
import Testing

/// P7 for the local box: what was taken is given back.
///
/// Each runs in a process of its own: other suites open and close descriptors meanwhile.
@Suite struct LeakTests {
  @Test func `P7 descriptors and threads are the same after two thousand executions`() async {
    await #expect(processExitsWith: .success) {
      let run = LocalRun()
      try burst(run, 20)
      let (descriptors, threads) = (count("fd"), count("task"))
      for _ in 0..<100 { try burst(run, 20) }
      #expect(count("fd") == descriptors)
      #expect(count("task") <= threads)
    }
  }

  @Test func `P7 a leaked descriptor would be noticed`() async {
    await #expect(processExitsWith: .success) {
      let before = count("fd")
      let leaked = dup(STDIN_FILENO)
      #expect(count("fd") == before + 1)
      close(leaked)
    }
  }
}

private func burst(_ run: LocalRun, _ size: Int) throws {
  let ids = try (0..<size).map { _ in try run.engine.start(ExecutionSpec(command: ["/bin/true"]), in: run.box) }
  for id in ids {
    _ = try run.end(id)
    try run.engine.remove(id)
  }
}

private func count(_ kind: String) -> Int {
  guard let folder = opendir("/proc/self/\(kind)") else { return -1 }
  defer { closedir(folder) }
  var count = 0
  while readdir(folder) != nil { count += 1 }
  return count
}
