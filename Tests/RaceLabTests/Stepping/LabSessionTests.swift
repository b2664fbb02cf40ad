import ExecModel
import RaceLab
import Testing

@Suite struct LabSessionTests {
  @Test func `stepping back equals never having stepped`() throws {
    var (generator, seed) = chance()
    for text in Scenarios.small {
      for _ in 0..<10 {
        var session = LabSession(try Scenarios.scenario(text), kinds: DispatcherKind.allCases)
        var before: [LabSession] = []
        while true {
          let now = session
          guard session.takeRandom(&generator) != nil else { break }
          before.append(now)
        }
        #expect(session.isComplete)
        #expect(session.takeRandomAgain(&generator) == false)
        while let expected = before.popLast() {
          #expect(session.back() == true)
          #expect(session == expected, "seed \(seed)")
        }
        #expect(session.back() == false)
      }
    }
  }

  @Test func `from the start is a new session`() throws {
    var (generator, _) = chance()
    var session = LabSession(try Scenario(waiters: 1))
    let fresh = session
    session.runToEnd(&generator)
    #expect(session != fresh)
    session.restart()
    #expect(session == fresh)
  }

  @Test func `a source that may not step leaves everything as it was, and says why`() throws {
    var session = LabSession(try Scenario(lateWaiter: true, grandchild: true))
    let fresh = session
    #expect(session.take(.lateWaiter) == false)
    #expect(session.take(.forceClose) == false)
    #expect(session == fresh)
    let late = try #require(session.sources.first { $0.source == .lateWaiter })
    #expect(late.obstacle == "comes after the exit")
    #expect(!late.isEnabled)
    #expect(session.take(.stdout) == true)
    let stdout = try #require(session.sources.first { $0.source == .stdout })
    #expect(stdout.obstacle == "the grandchild has not written yet")
    #expect(stdout.pending == [.chunk(.stdout, 1), .endOfStream(.stdout)])
    #expect(session.take(.grandchild) == true)
    #expect(session.take(.stdout) == true)
    #expect(session.sources[0].obstacle == "the grandchild lives")
  }

  @Test func `the race is lost on the left and kept on the right`() {
    var session = LabSession()
    #expect(session.kinds == [.exitFirst, .drainOrdered])
    #expect(session.take(.exit) == true)
    #expect(session.verdicts[0].sentence == "done, exit 0, 27 bytes lost")
    #expect(session.verdicts[1].sentence == "reading")
    for source in [Source.stdout, .stderr, .stdout, .stderr] { #expect(session.take(source) == true) }
    #expect(session.verdicts[1].sentence == "done, exit 0, whole")
    #expect(session.text(.stdout, readBy: session.runs[0]) == "")
    #expect(session.text(.stdout, readBy: session.runs[1]) == "first-output\n")
    #expect(session.schedule.text == "o1e1:xoeOE")
    #expect(
      session.runs[1].record.entries.map(\.announcement.words) == ["stdout chunk 1", "stderr chunk 1", "Exit: exit 0"])
  }

  @Test func `the next losing schedule comes in order, each once, and starts again after the last`() throws {
    var session = LabSession()
    var seen: [String] = []
    for _ in 0..<14 {
      #expect(session.nextLosing() == .found)
      #expect(session.isComplete && session.verdicts[0].isLosing)
      seen.append(session.schedule.text)
    }
    #expect(Set(seen).count == 14)
    #expect(session.nextLosing() == .found)
    #expect(session.schedule.text == seen[0])
  }

  @Test func `from a part the next losing schedule is one that goes on from it, when there is one`() throws {
    var session = LabSession(try Schedule(text: "o1e1:ex"))
    #expect(session.nextLosing() == .found)
    #expect(session.schedule.text == "o1e1:exoOE")
  }

  @Test func `a dispatcher that never loses leaves the session as it was`() throws {
    var session = LabSession(try Schedule(text: "o1e1:xo"), kinds: [.drainOrdered, .exitFirst])
    let before = session
    #expect(session.nextLosing() == .none)
    #expect(session == before)
    var large = LabSession(try Scenario(stdout: 9, stderr: 9), kinds: [.drainOrdered])
    #expect(large.nextLosing(limit: 50) == .gaveUp(after: 50))
    #expect(large.taken.isEmpty)
  }

  @Test func `other dispatchers are shown over the same steps, with the deadline that they need`() throws {
    var session = LabSession(try Schedule(text: "o1e1:xo"))
    session.show([.fixedTimer, .untilEmpty])
    #expect(session.schedule.text == "o1e1d:xo")
    #expect(session == LabSession(try Schedule(text: "o1e1d:xo"), kinds: [.fixedTimer, .untilEmpty]))
    #expect(session.take(.deadline) == true)
    #expect(session.verdicts.map(\.sentence) == ["done, exit 0, 14 bytes lost", "done, exit 0, whole"])
  }
}

extension LabSession {
  /// Whether a random step was still possible.
  fileprivate mutating func takeRandomAgain(_ generator: inout SplitMix64) -> Bool { takeRandom(&generator) != nil }
}
