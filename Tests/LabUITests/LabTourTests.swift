import ExecModel
import RaceLab
import Testing

@testable import LabUI

@Suite struct LabTourTests {
  @Test func `the tour has five stops, and ends with the race lost on the left and kept on the right`() {
    var lab = Lab()
    lab.type("t")
    var stops = [1]
    #expect(lab.has("tour, 1 of 5") && lab.has("Enter: the stderr pump brings its line"))
    for _ in 0..<5 {
      lab.type("<enter>")
      if let number = (1...5).first(where: { lab.has("tour, \($0) of 5") }), number != stops.last {
        stops.append(number)
      }
    }
    #expect(stops == [1, 2, 3, 4, 5])
    #expect(lab.has("✖ done, exit 0,       ││ ✔ done, exit 0, whole"))
    #expect(lab.session.verdicts[0].bytesLost.total == 13 && lab.session.verdicts[1].bytesLost.total == 0)
    lab.type("<enter>")
    #expect(!lab.has("tour, ") && lab.schedule == "o1e1:exoOE")
  }

  @Test func `each stop tells the truth about what is seen`() {
    var lab = Lab()
    lab.type("t<enter><enter>")
    // Left told the end, right keeps it back.
    #expect(lab.session.verdicts[0].end != nil && lab.session.verdicts[1].end == nil)
    #expect(LabTour.card(lab.session).text.contains("keeps the exit back"))
    lab.type("<enter><enter>")
    #expect(lab.session.verdicts[1].end == nil)
    #expect(LabTour.card(lab.session).text.contains("the right half waits on"))
  }

  @Test func `stepping back goes back in the tour`() {
    var lab = Lab()
    lab.type("t<enter><enter>")
    #expect(lab.has("tour, 3 of 5"))
    lab.type("u")
    #expect(lab.has("tour, 2 of 5") && lab.model.chosen == .exit)
  }

  @Test func `off the tour's way Enter leads back to it`() {
    for detour in ["n", "]", "[", "s<right><enter>", "po1e1:o<enter>"] {
      var lab = Lab()
      lab.type("t<enter>" + detour)
      #expect(lab.has("You have left the tour's path"), "\(detour)")
      lab.type("<enter>")
      #expect(!lab.has("You have left the tour's path") && LabTour.progress(lab.session) != nil, "\(detour)")
    }
  }

  @Test func `the tour chooses the source, and says so`() {
    for key in ["j", "k", "1"] {
      var lab = Lab()
      lab.type("t<enter>" + key)
      #expect(lab.model.chosen == .exit)
      #expect(lab.status == " the tour chooses the source: Enter goes on, Esc leaves the tour")
    }
  }

  @Test func `leaving the tour brings back what was shown before`() {
    var lab = Lab()
    lab.type("3<enter>1<enter>")
    let before = lab.session
    lab.type("t<enter>t<enter><escape>")
    #expect(lab.session == before && lab.model.tour == nil)
  }

  @Test func `the tour fits the smallest screen`() {
    var lab = Lab(LabSession(), 15, 60)
    lab.type("t")
    for card in 1...6 {
      #expect(lab.has("Enter: "), "card \(card)")
      let words = LabTour.card(lab.session).text.split(separator: " ").suffix(2).joined(separator: " ")
      let shown = lab.screen.split { $0.isWhitespace }.joined(separator: " ")
      #expect(shown.contains(words), "\(words)")
      lab.type("<enter>")
    }
  }
}
