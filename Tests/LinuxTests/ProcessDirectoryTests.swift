import ExecEngine
import ExecModel
import Glibc
import Testing

@testable import HostBoxes

@Suite(.timeLimit(.minutes(10)))
struct ProcessDirectoryTests {
  @Test
  func `a command's line shows nothing that a terminal would obey, and is short`() async throws {
    let words = ["sh", "-c", "echo; read x", "\u{1B}]0;title\u{07}", "\u{202E}", String(repeating: "é", count: 300)]
    let run = try Run(BoxUnderTest.local.box, ExecutionSpec(command: words, input: .pipe))
    // Not at `started`: within execve(2) the line is empty for a moment.
    await run.sink.wait { $0.text == "\n" }
    let pid = try #require(run.sink.record.processIdentifier)
    let command = ProcessDirectory(processIdentifier: pid).command()
    #expect(command.hasPrefix("sh -c echo; read x \u{FFFD}]0;title\u{FFFD} \u{FFFD} éé"))
    #expect(command.unicodeScalars.count == 200)
    run.process.closeInput()
    _ = await run.finish()
  }

  @Test
  func `a process without arguments is shown by its name in brackets`() async throws {
    let run = try Run(BoxUnderTest.local.box, script: "exit 0")
    await run.sink.wait { $0.status != nil }
    let pid = try #require(run.sink.record.processIdentifier)
    #expect(ProcessDirectory(processIdentifier: pid).command() == "[sh]")
    _ = await run.finish()
    #expect(ProcessDirectory(processIdentifier: pid).command() == "?")
  }

  @Test
  func `the family of a process is its session and its parent`() throws {
    let family = try #require(ProcessDirectory(processIdentifier: getpid()).family())
    #expect(family.session == getsid(0))
    #expect(family.parent == getppid())
  }
}
