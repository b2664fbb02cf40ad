import Boxes
import ExecEngine
import ExecModel
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ConformanceTests {
  static let boxes = BoxUnderTest.all

  @Test(arguments: boxes)
  func `output that was unread at the exit arrives whole`(_ box: BoxUnderTest) async throws {
    let record = try await Run(box.box, script: "echo X && exit 0").finish()
    #expect(record.text == "X\n")
    #expect(record.stderr.isEmpty)
    #expect(record.status == .exited(0))
    #expect(record.entries.first == .started)
    #expect(record.processIdentifier != nil)
  }
}
