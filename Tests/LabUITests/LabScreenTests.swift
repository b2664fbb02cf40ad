import RaceLab
import Testing

@testable import LabUI

@Suite struct LabScreenTests {
  @Test func `a fresh lab shows what is to come, and nothing read`() {
    let lab = Lab()
    #expect(
      lab.screen == """
         race lab   schedule o1e1:                                          step 0 of 5
        ┌ sources ───────────────────┐┌ exit-first ───────────┐┌ drain-ordered ────────┐
        │▸1 stdout [●]|  chunk 1     ││ ◐ reading             ││ ◐ reading             │
        │ 2 stderr [◆]|  chunk 1     ││                       ││                       │
        │ 3 exit   [x]   is seen     ││                       ││                       │
        │                            ││ its client has read   ││ its client has read   │
        │ Enter: stdout chunk 1      ││ out nothing           ││ out nothing           │
        │        first-output↵       ││ err nothing           ││ err nothing           │
        │                            ││                       ││                       │
        │                            ││ it has announced      ││ it has announced      │
        │                            ││ nothing               ││ nothing               │
        │                            ││                       ││                       │
        │ ? what all this is         ││                       ││                       │
        │ t a tour in five steps     ││                       ││                       │
        └────────────────────────────┘└───────────────────────┘└───────────────────────┘
        ┌ time ────────────────────────────────────────────────────────────────────────┐
        │ out                                                                          │
        │ err                                                                          │
        │ exit                                                                         │
        │ exit-first       reading                                                     │
        │ drain-ordered    reading                                                     │
        └──────────────────────────────────────────────────────────────────────────────┘
         ● stdout  ◆ stderr  | end  x exit  ▲ Exit  ○◇ not read
         Enter step  u back  r again  n next loss  t tour  ? help  q leave  s scenario
        """)
  }

  @Test func `a loss by hand is lost on the left and kept on the right`() {
    var lab = Lab()
    lab.type("2<enter>3<enter>")
    #expect(lab.has("✖ done, exit 0,       ││ ◐ waiting,"))
    #expect(lab.has("13 bytes lost       ││   14 bytes read"))
    #expect(lab.has("out ✖first-output↵    ││ out nothing"))
    lab.type("1<enter><enter>2<enter>")
    #expect(
      lab.screen == """
         race lab   schedule o1e1:exoOE                                     step 5 of 5
        ┌ sources ───────────────────┐┌ exit-first ───────────┐┌ drain-ordered ────────┐
        │ 1 stdout   done            ││ ✖ done, exit 0,       ││ ✔ done, exit 0, whole │
        │▸2 stderr   done            ││   13 bytes lost       ││                       │
        │ 3 exit     done            ││                       ││                       │
        │                            ││ its client has read   ││ its client has read   │
        │ everything has happened    ││ out ✖first-output↵    ││ out first-output↵     │
        │                            ││ err first-warning↵    ││ err first-warning↵    │
        │                            ││                       ││                       │
        │                            ││ it has announced      ││ it has announced      │
        │                            ││ ◆ stderr chunk 1      ││ ◆ stderr chunk 1      │
        │ u one step back            ││ ▲ Exit: exit 0        ││ ● stdout chunk 1      │
        │ r start again              ││ ─ not read ─          ││ ▲ Exit: exit 0        │
        │ n the left's next loss     ││ ○ stdout chunk 1, lost││                       │
        └────────────────────────────┘└───────────────────────┘└───────────────────────┘
        ┌ time ────────────────────────────────────────────────────────────────────────┐
        │ out            ────●─|                                                       │
        │ err            ◆───────|                                                     │
        │ exit           ──x                                                           │
        │ exit-first     ◆─▲ ○      done, exit 0, 13 bytes lost                        │
        │ drain-ordered  ◆───●───▲  done, exit 0, whole                                │
        └──────────────────────────────────────────────────────────────────────────────┘
         ● stdout  ◆ stderr  | end  x exit  ▲ Exit  ○◇ not read
         Enter step  u back  r again  n next loss  t tour  ? help  q leave  s scenario
        """)
  }

  @Test func `without UTF-8 everything is ASCII`() throws {
    for script in ["", "3<enter>", "n", "?", "s", "p", "t<enter><enter>"] {
      var lab = Lab(LabSession(try Scenario(waiters: 1, grandchild: true)), isUTF8: false)
      lab.type(script)
      let strangers = lab.screen.unicodeScalars.filter { !$0.isASCII }
      #expect(strangers.isEmpty, "\(script): \(strangers)")
    }
  }

  @Test func `the smallest screen still has both verdicts and the timeline`() {
    var lab = Lab(LabSession(), 15, 60)
    lab.type("2<enter>3<enter>1<enter>")
    #expect(
      lab.screen == """
         race lab   schedule o1e1:exo                   step 3 of 5
        ┌ sources ─────────────┐┌ exit-first ────┐┌ drain-ordered ─┐
        │▸1 stdout [|]  end    ││ ✖ done, exit 0,││ ◐ waiting,     │
        │ 2 stderr [|]  end    ││   13 bytes lost││   27 bytes read│
        │ 3 exit        done   ││ out ✖first-out…││ out …st-output↵│
        │                      ││ err …t-warning↵││ err …t-warning↵│
        │ Enter: end of stdout ││ … 3 before     ││ ◆ err chunk 1  │
        │                      ││ ○ out chunk 1  ││ ● out chunk 1  │
        └──────────────────────┘└────────────────┘└────────────────┘
         out            ────●
         err            ◆────
         exit           ──x
         exit-first     ◆─▲ ○  done, exit 0, 13 bytes lost
         drain-ordered  ◆───●  reading, 27 bytes so far
         Enter step  u back  r again  n next loss  t tour  ? help
        """)
  }

  @Test func `below the smallest screen there is a message`() {
    let sizes = [
      (14, 60, "the race lab needs 60x15"), (15, 59, "the race lab needs 60x15"), (5, 20, "needs 60x15"),
      (2, 10, "60x15"), (1, 1, "6"),
    ]
    for (height, width, message) in sizes {
      let lines = Lab(LabSession(), height, width).screen.split(separator: "\n")
      #expect(lines == [message[...]])
    }
  }

  @Test func `a schedule that does not fit is shown by its end, behind a mark`() throws {
    var session = LabSession(try Scenario(stdout: 24, stderr: 24))
    while session.take(.stdout) || session.take(.stderr) || session.take(.exit) {}
    let lab = Lab(session, 15, 60)
    #expect(lab.row(0) == " race lab   schedule …eeeeeeeeeeeeeeeeeeeeeEx step 51 of 51")
  }

  @Test func `a source that cannot step says why`() throws {
    let scenario = try Scenario(stdout: 0, waiters: 0, lateWaiter: true, grandchild: true, deadline: true)
    var lab = Lab(LabSession(scenario), 30, 120)
    #expect(lab.has("3 exit        [x]   is seen"))
    #expect(lab.has("4 late waiter  ?    comes after the exit"))
    #expect(lab.has("the grandchild has not written yet"))
    lab.type("4<enter>")
    #expect(lab.status == " late waiter: comes after the exit")
    lab.type("3<enter>4")
    #expect(lab.has("4 late waiter [?]   arrives"))
    #expect(lab.has("Enter: late waiter arrives"))
  }

  @Test func `a large screen says who does what each half does`() {
    let lab = Lab(LabSession(), 50, 200)
    #expect(lab.has(DispatcherKind.exitFirst.summary))
    #expect(lab.has("Who: BoxLite before the fix"))
    #expect(lab.screen.split(separator: "\n", omittingEmptySubsequences: false).count == 50)
  }

  @Test func `every source fits at 80x24`() throws {
    let scenario = try Scenario(
      stdout: 24, stderr: 24, waiters: 8, lateWaiter: true, grandchild: true, deadline: true, forceClose: true)
    var lab = Lab(LabSession(scenario))
    for (number, source) in scenario.sources.enumerated() { #expect(lab.has("\(number + 1) \(source.name)")) }
    lab.type("e")
    #expect(lab.session.isComplete && lab.has("step \(scenario.stepCount) of \(scenario.stepCount)"))
    #expect(lab.has("│ force close    …") && lab.has("│ drain-ordered  …"))
  }
}
