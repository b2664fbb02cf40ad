import ExecModel
import RaceLab
import Testing

@Suite struct ScheduleTextTests {
  @Test func `a schedule is read back from its text, whole or a part`() throws {
    var (generator, seed) = chance()
    for text in Scenarios.small {
      let space = ScheduleSpace(try Scenarios.scenario(text))
      for _ in 0..<20 {
        let all = space.sample(&generator)
        let part = Array(all.prefix(Int.random(in: 0...all.count, using: &generator)))
        let schedule = try #require(Schedule(space.scenario, part))
        #expect(try Schedule(text: schedule.text) == schedule, "seed \(seed)")
      }
    }
  }

  @Test func `the text is short, and what stands between the steps does not matter`() throws {
    let schedule = try Schedule(text: "o1e1: x.o O,e-E")
    #expect(schedule.text == "o1e1:xoOeE")
    #expect(schedule.isComplete)
    #expect(
      schedule.steps == [.exit, .chunk(.stdout, 0), .endOfStream(.stdout), .chunk(.stderr, 0), .endOfStream(.stderr)])
    let full = "o2e1w1lgdf:xgodwlGooeEOf"
    #expect(try Schedule(text: full).text == full)
  }

  @Test func `a part completes itself in the lab's order`() throws {
    #expect(try Schedule(text: "o1e1g:x").completed.text == "o1e1g:xoeEgoGO")
    #expect(try !Schedule(text: "o1e1g:x").isComplete)
  }

  @Test(
    arguments: zip(
      [
        "", "x", "o", "oo", "o1", "o1e", "o25e1:", "o1e99:", "o1e1w9:", "o1e1", "o1e1gl:", "o1e1q:", "o1e1:xx",
        "o1e1:O", "o1e1:xoOeEx", "o1e1g:oo", "o1e1l:l", "o1e1:ö", "o99999999999999999999e1:", "o1e1:o|", "o-1e1:",
        "o١e1:",
      ],
      [
        "column 1: the text ends; expected a scenario such as o1e1",
        "column 1: unexpected 'x'; expected a scenario such as o1e1",
        "column 2: the text ends; expected the number of chunks of stdout, 0 to 24",
        "column 2: unexpected 'o'; expected the number of chunks of stdout, 0 to 24",
        "column 3: the text ends; expected e and the number of chunks of stderr",
        "column 4: the text ends; expected the number of chunks of stderr, 0 to 24",
        "column 2: too many chunks of stdout; expected 0 to 24",
        "column 4: too many chunks of stderr; expected 0 to 24",
        "column 6: too many waiters; expected 0 to 8",
        "column 5: the text ends; expected w or l or g or d or f or :",
        "column 6: unexpected 'l'; expected d or f or :",
        "column 5: unexpected 'q'; expected w or l or g or d or f or :",
        "column 7: unexpected 'x'; expected one of o e",
        "column 6: unexpected 'O'; expected one of o e x",
        "column 11: unexpected 'x'; expected nothing more",
        "column 8: unexpected 'o'; expected one of e x g",
        "column 7: unexpected 'l'; expected one of o e x",
        "column 6: unexpected 'ö'; expected one of o e x",
        "column 2: too many chunks of stdout; expected 0 to 24",
        "column 7: unexpected '|'; expected one of O e x",
        "column 2: unexpected '-'; expected the number of chunks of stdout, 0 to 24",
        "column 2: unexpected '١'; expected the number of chunks of stdout, 0 to 24",
      ]))
  func `a bad text names the column and what was expected there`(text: String, message: String) {
    let error = #expect(throws: ScheduleError.self) { try Schedule(text: text) }
    #expect(error?.description == message)
  }

  @Test func `a sequence that breaks the order is no schedule`() {
    #expect(Schedule(.smallest, [.stdout, .stdout, .stdout]) == nil)
    #expect(Schedule(.smallest, [.lateWaiter]) == nil)
    #expect(Schedule(.smallest, [.exit, .stdout])?.text == "o1e1:xo")
  }

  @Test func `no text at all makes the reader trap`() {
    var (generator, seed) = chance()
    let letters = Array("oeOExwlgGdf:0129 .|é\u{0}")
    var read = 0
    for _ in 0..<3000 {
      let text =
        "o1e1"
        + String(
          (0..<Int.random(in: 0...9, using: &generator)).map { _ in letters.randomElement(using: &generator) ?? "o" })
      do {
        let schedule = try Schedule(text: text)
        #expect(try Schedule(text: schedule.text) == schedule, "seed \(seed)")
        read += 1
      } catch {
        #expect((1...(text.count + 1)).contains(error.column), "seed \(seed): \(text)")
      }
    }
    #expect((1..<3000).contains(read))
  }
}
