import ExecModel
import FoundationEssentials
import JSON
import RaceLab
import Testing

@testable import boxwatch

@Suite struct ExploreReportTests {
  private func report(
    _ scenario: Scenario, _ kinds: [DispatcherKind] = DispatcherKind.allCases,
    limit: ExplorationLimit = ExplorationLimit(), run count: Int = .max
  ) -> ExploreReport {
    var exploration = Exploration(scenario, kinds: kinds, limit: limit)
    _ = exploration.advance(by: count)
    return ExploreReport(exploration)
  }

  @Test func `the smallest system has 30 schedules, of which exit-first breaks 14`() {
    let lines = report(.smallest, [.exitFirst, .drainOrdered]).lines(isASCII: true, width: nil)
    #expect(
      lines == [
        "dispatcher     schedules  P1 order  P2 whole  P3 late  P4 honest end  violations   share  promises",
        "exit-first            30        14        14        0              0          14  46.7 %  P3",
        "drain-ordered         30         0         0        0              0           0   0.0 %  P1 P2 P3 P4",
        "", MarbleDiagram.legend(isASCII: true).text, "",
        "exit-first: the reaper of the child announces the end", "  as in: \(DispatcherKind.exitFirst.origin)",
        "  breaks P1 P2 after 1 step: boxwatch race replay o1e1:xoOeE", "  out            --o-|",
        "  err            ------e-|", "  exit           x",
        "  exit-first     ^ !   !    done, exit 0, 27 bytes lost",
        "  drain-ordered  --o---e-^  done, exit 0, whole",
      ])
  }

  @Test func `two chunks a stream have 140 schedules, of which exit-first breaks 88`() throws {
    let table = report(try Scenario(stdout: 2, stderr: 2), [.exitFirst]).lines(isASCII: true, width: nil)
    #expect(table[1].split(separator: " ").map(String.init).prefix(3) == ["exit-first", "140", "88"])
  }

  @Test func `a dispatcher that did not run has no share`() {
    let table = report(.smallest, [.exitFirst, .drainOrdered], run: 10).lines(isASCII: true, width: nil)
    let cells = table[2].split(separator: " ").map(String.init)
    #expect(cells.dropFirst().prefix(7) == ["0", "0", "0", "0", "0", "0", "-"])
  }

  @Test func `the size is said before anything is run`() throws {
    let untouched = report(try Scenario(stdout: 2, waiters: 1, grandchild: true), run: 0)
    #expect(
      untouched.sizeLines == [
        "o2e1w1g: 2 chunks of stdout, 1 chunk of stderr, both ends of stream, the exit, 1 waiter, a grandchild that holds "
          + "stdout",
        "22,680 schedules for each dispatcher; 124,740 for fixed-timer, which has a deadline to wait for",
      ])
  }

  @Test func `a sample says so, and its seed`() throws {
    let sample = report(.smallest, limit: ExplorationLimit(whole: 40, samples: 20, seed: 7), run: 0).sizeLines
    #expect(sample.count == 3)
    #expect(sample.last?.contains("20 are drawn for fixed-timer, seed 7") == true)
    let all = report(.smallest, limit: ExplorationLimit(whole: 10, samples: 5, seed: 9), run: 0).sizeLines
    #expect(all.last?.contains("5 are drawn for each dispatcher, seed 9") == true)
  }

  @Test func `a dispatcher that loses nothing here names the option with which it would`() throws {
    let lines = report(.smallest).lines(isASCII: true, width: nil).suffix(2)
    #expect(
      Array(lines) == [
        "exit-gated lost nothing here: only a wait overtakes its exit (try --waiters 1)",
        "until-empty lost nothing here: only a grandchild's late output escapes it (try --grandchild)",
      ])
    let full = report(try Scenario(waiters: 1, grandchild: true)).lines(isASCII: true, width: nil)
    #expect(!full.contains { $0.contains("lost nothing here") })
    #expect(!report(.smallest, run: 3).lines(isASCII: true, width: nil).contains { $0.contains("lost nothing") })
  }

  @Test func `each dispatcher is one object`() throws {
    let lines = report(.smallest, [.exitFirst, .drainOrdered]).jsonLines.map {
      String(decoding: $0.line, as: UTF8.self)
    }
    #expect(
      lines == [
        #"{"dispatcher":"exit-first","schedules":30,"space":30,"violations":14,"P1":14,"P2":14,"P3":0,"P4":0,"#
          + #""share":0.4666666666666667,"shortest":"o1e1:xoOeE","promises":["P3"],"finished":true}"# + "\n",
        #"{"dispatcher":"drain-ordered","schedules":30,"space":30,"violations":0,"P1":0,"P2":0,"P3":0,"P4":0,"share":0,"#
          + #""shortest":null,"promises":["P1","P2","P3","P4"],"finished":true}"# + "\n",
      ])
  }
}
