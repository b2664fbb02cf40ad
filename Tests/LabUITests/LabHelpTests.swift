import RaceLab
import Testing
import Widgets

@testable import LabUI

@Suite struct LabHelpTests {
  @Test func `one screen of 80x24 explains the race, the halves and every key`() {
    var lab = Lab()
    lab.type("?")
    for word in ["The race", "Sources", "The halves"] { #expect(lab.has(word)) }
    for line in LabKeymap.standard.step.section.lines {
      #expect(lab.has(" \(line.keys) ") && lab.has(" \(line.help)"), "\(line.keys): \(line.help)")
    }
    #expect(lab.has("1-9") && lab.status.contains("Esc close"))
    lab.type("<escape>")
    #expect(!lab.has("The race:") && lab.model.dialog == nil)
  }

  @Test func `no key means two things in one place`() {
    #expect(LabKeymap.standard.conflicts() == [])
  }

  @Test func `on a small screen it scrolls to its last line`() {
    var lab = Lab(LabSession(), 15, 60)
    lab.type("?")
    #expect(lab.has("The race:") && !lab.has("suspend boxwatch") && lab.status.contains("j down"))
    lab.type("G")
    #expect(lab.has("suspend boxwatch"))
    lab.type("gjj")
    #expect(!lab.has("The race:"))
    lab.type("kk")
    #expect(lab.has("The race:"))
  }
}
