import ExecModel
import RaceLab
import Testing

@testable import BoxwatchUI

@Suite struct LabTourTests {
  @Test func `the tour has five stops, and ends with the race lost on the left and kept on the right`() {
    var monitor = Monitor.lab()
    monitor.type("t")
    var stops = [1]
    #expect(monitor.has("tour, 1 of 5") && monitor.has("Enter: the stderr pump brings its line"))
    for _ in 0..<5 {
      monitor.type("<enter>")
      if let number = (1...5).first(where: { monitor.has("tour, \($0) of 5") }), number != stops.last {
        stops.append(number)
      }
    }
    #expect(stops == [1, 2, 3, 4, 5])
    #expect(monitor.has("✖ done, exit 0,       ││ ✔ done, exit 0, whole"))
    #expect(monitor.session.verdicts[0].bytesLost.total == 13 && monitor.session.verdicts[1].bytesLost.total == 0)
    monitor.type("<enter>")
    #expect(!monitor.has("tour, ") && monitor.schedule == "o1e1:exoOE")
  }

  @Test func `each stop tells the truth about what is seen`() {
    var monitor = Monitor.lab()
    monitor.type("t<enter><enter>")
    // Left told the end, right keeps it back.
    #expect(monitor.session.verdicts[0].end != nil && monitor.session.verdicts[1].end == nil)
    #expect(LabTour.card(monitor.session).text.contains("keeps the exit back"))
    monitor.type("<enter><enter>")
    #expect(monitor.session.verdicts[1].end == nil)
    #expect(LabTour.card(monitor.session).text.contains("the right half waits on"))
  }

  @Test func `stepping back goes back in the tour`() {
    var monitor = Monitor.lab()
    monitor.type("t<enter><enter>")
    #expect(monitor.has("tour, 3 of 5"))
    monitor.type("u")
    #expect(monitor.has("tour, 2 of 5") && monitor.model.lab?.chosen == .exit)
  }

  @Test func `off the tour's way Enter leads back to it`() {
    for detour in ["n", "]", "[", "s<right><enter>", "po1e1:o<enter>"] {
      var monitor = Monitor.lab()
      monitor.type("t<enter>" + detour)
      #expect(monitor.has("You have left the tour's path"), "\(detour)")
      monitor.type("<enter>")
      #expect(!monitor.has("You have left the tour's path") && LabTour.progress(monitor.session) != nil, "\(detour)")
    }
  }

  @Test func `the tour chooses the source, and says so`() {
    for key in ["j", "k", "1"] {
      var monitor = Monitor.lab()
      monitor.type("t<enter>" + key)
      #expect(monitor.model.lab?.chosen == .exit)
      #expect(monitor.status == " the tour chooses the source: Enter goes on, Esc leaves the tour")
    }
  }

  @Test func `leaving the tour brings back what was shown before`() {
    var monitor = Monitor.lab()
    monitor.type("3<enter>1<enter>")
    let before = monitor.session
    monitor.type("t<enter>t<enter><escape>")
    #expect(monitor.session == before && monitor.model.lab?.tour == nil && monitor.model.lab != nil)
  }

  @Test func `the tour fits the smallest screen`() {
    var monitor = Monitor.lab(LabSession(), 15, 60)
    monitor.type("t")
    for card in 1...6 {
      #expect(monitor.has("Enter: "), "card \(card)")
      let words = LabTour.card(monitor.session).text.split(separator: " ").suffix(2).joined(separator: " ")
      let shown = monitor.screen.split { $0.isWhitespace }.joined(separator: " ")
      #expect(shown.contains(words), "\(words)")
      monitor.type("<enter>")
    }
  }
}
