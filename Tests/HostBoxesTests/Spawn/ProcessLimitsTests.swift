import CExecShims
import ExecEngine
import ExecModel
import Glibc
import Testing

@testable import HostBoxes

@Suite(.timeLimit(.minutes(10)))
struct ProcessLimitsTests {
  @Test
  func `a command's limit of open files can be set from outside`() async throws {
    let script = #"read x; ulimit -Sn"#
    let run = try Run(BoxUnderTest.local.box, script: script, input: .pipe)
    await run.sink.wait { $0.processIdentifier != nil }
    let pid = try #require(run.sink.record.processIdentifier)
    #expect(cexec_set_descriptor_limit(pid, 321) == 0)
    run.process.write(Array("\n".utf8)) { _ in }
    #expect(await run.finish().text == "321\n")
  }

  @Test
  func `raising leaves the soft limit at the hard one`() {
    ProcessLimits.raise()
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    #expect(limit.rlim_cur == limit.rlim_max)
  }
}
