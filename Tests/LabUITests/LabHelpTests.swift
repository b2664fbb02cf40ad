import RaceLab
import Testing

@testable import BoxwatchUI

@Suite struct LabHelpTests {
  @Test func `one screen of 80x24 explains the race, the halves and every key`() {
    var monitor = Monitor.lab()
    monitor.type("?")
    for word in ["The race", "Sources", "The halves"] { #expect(monitor.has(word)) }
    for binding in Keymap.standard.bindings where binding.scope == .lab {
      if case .select = binding.command { continue }
      let keys = binding.keys.map(\.label).joined(separator: " ")
      #expect(monitor.has(" \(keys) ") && monitor.has(" \(binding.help)"), "\(keys): \(binding.help)")
    }
    #expect(monitor.has("1-9") && monitor.status.contains("Esc close"))
    monitor.type("<escape>")
    #expect(!monitor.has("The race:") && monitor.model.lab != nil)
  }

  @Test func `on a small screen it scrolls to its last line`() {
    var monitor = Monitor.lab(LabSession(), 15, 60)
    monitor.type("?")
    #expect(monitor.has("The race:") && !monitor.has("suspend boxwatch") && monitor.status.contains("j down"))
    monitor.type("G")
    #expect(monitor.has("suspend boxwatch"))
    monitor.type("gjj")
    #expect(!monitor.has("The race:"))
    monitor.type("kk")
    #expect(monitor.has("The race:"))
  }

  @Test func `the monitor's own help names the key of the lab and none of the lab's own`() {
    let page = HelpPage.lines(.standard)
    #expect(page.contains(.binding(keys: "R", help: "the race lab: lose the last line, and see why")))
    #expect(!page.contains(.heading(Scope.lab.title)))
  }
}
