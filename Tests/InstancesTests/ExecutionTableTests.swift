import Cells
import ExecModel
import Journal
import Testing

@testable import Instances

@Suite struct ExecutionTableTests {
  private let table = ExecutionTable(width: 80, isColored: false, now: 90_000_000_000)

  @Test func `each execution has a line below its heads`() {
    let lines = table.lines([
      Listed.execution("20261124-055827-412345-k3f9x-1", name: "job", watcher: 12),
      Listed.execution("20261124-055827-412345-p0z8m-2", Listed.done(.exited(3)), command: ["sh", "-c", "exit 3"]),
    ]).map(\.text)
    #expect(
      lines == [
        "ID       STATE    AGE  TOOK  BOX    WHERE    COMMAND",
        "k3f9x-1  running  90s        local  pid 12   job",
        "p0z8m-2  exit 3   90s  1.5s  local  journal  sh -c 'exit 3'",
      ])
  }

  @Test func `an execution that was created in the future has no age`() {
    var execution = Listed.execution("x", watcher: 12)
    execution.identity = JournalIdentity(id: execution.id, box: "local", created: .max, watcher: 12)
    #expect(table.lines([execution])[1].text == "x   running    ?        local  pid 12  make")
  }

  @Test func `a client's execution is in the box that the client knows`() {
    var execution = Listed.execution("20261124-055827-412345-k3f9x-1", watcher: 12)
    execution.spec.clientBox = ClientBox(id: "box-1", name: "web")
    #expect(table.lines([execution])[1].text == "k3f9x-1  running  90s        web  pid 12  make")
    execution.spec.clientBox?.name = nil
    #expect(table.lines([execution])[1].text.contains("  box-1  pid 12"))
  }

  @Test func `no line is wider than asked, whatever is in it`() {
    let wild = String(repeating: "日本\u{1B}]0;x\u{7}\n", count: 40)
    let executions = [
      Listed.execution("x", name: wild, box: wild),
      Listed.execution(String(repeating: "a", count: 64), command: [wild, "", "'"]),
    ]
    for width in [80, 120, 400] {
      let lines = ExecutionTable(width: width, isColored: false, now: 0).lines(executions).map(\.text)
      for line in lines {
        #expect(TextWidth.columns(of: line) <= width)
        #expect(!line.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F })
      }
      #expect(Set(lines.map { $0.split(separator: " ").count > 3 }) == [true])
    }
  }

  @Test func `on a terminal too narrow for anything there is still a bit of the command`() {
    let lines = ExecutionTable(width: 1, isColored: false, now: 0).lines([
      Listed.execution("x", command: ["abcdefghijklmnop"])
    ])
    #expect(lines[1].text.hasSuffix("  ..."))
  }

  @Test func `colours change no width and are given back`() {
    let states: [Standing] = [
      .running, .draining(.exited(0)), Listed.done(.exited(0)), Listed.done(.exited(1)), .interrupted, .starting,
    ]
    let executions = states.enumerated().map { Listed.execution("id\($0.offset)", $0.element) }
    let plain = table.lines(executions).map(\.text)
    let colored = ExecutionTable(width: 80, isColored: true, now: table.now).lines(executions).map(\.text)
    #expect(colored.map(Self.withoutColors) == plain)
    #expect(colored.filter { $0.contains("\u{1B}[") }.count == 5)
  }

  private static func withoutColors(_ text: String) -> String {
    text.split(separator: "\u{1B}[", omittingEmptySubsequences: false).enumerated().map { index, part in
      index == 0 ? String(part) : String(part.drop { $0 != "m" }.dropFirst())
    }.joined()
  }

  @Test(arguments: [
    ExecModel.ExitStatus.exited(255), .signalled(11, coreDumped: true), .signalled(64, coreDumped: false), .timedOut,
    .forceClosed, .lost, .detached, .unknown(10), .startFailed(.notFound), .startFailed(.notExecutable),
    .startFailed(.badDirectory),
    .startFailed(.badName), .startFailed(.argumentListTooLong), .startFailed(.system(4095)), .startFailed(.box),
  ]) func `no state is cut off, with its mark`(status: ExecModel.ExitStatus) {
    let words = Listed.done(status, truncated: .stdout).shortWords
    #expect(words.hasSuffix(" !") && words.count <= Standing.widest)
    let line = table.lines([Listed.execution("x", Listed.done(status, truncated: .stdout))])[1].text
    #expect(line.contains(words))
  }

  @Test func `states have words, and marks where output is missing or may be`() {
    #expect(Listed.done(.exited(0), truncated: .stdout).words == "exit 0 !")
    #expect(Listed.done(.exited(0), unproven: .stderr).words == "exit 0 ?")
    #expect(Listed.done(.signalled(9, coreDumped: false)).words == "SIGKILL")
    #expect(Standing.draining(.exited(0)).words == "draining")
    #expect(Standing.interrupted.words == "interrupted")
  }

  @Test(arguments: [
    (0, "0.0s"), (1_490_000_000, "1.4s"), (9_999_999_999, "9.9s"), (10_000_000_000, "10s"), (119_000_000_000, "119s"),
    (120_000_000_000, "2m"), (7_200_000_000_000, "2h"), (172_800_000_000_000, "2d"), (UInt64.max, "213503d"),
  ])
  func `a duration takes few characters`(nanoseconds: UInt64, text: String) {
    #expect(ShortDuration.text(nanoseconds) == text)
  }
}
