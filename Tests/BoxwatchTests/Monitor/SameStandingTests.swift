import ExecModel
import Instances
import Journal
import SystemPackage
import TestSupport
import Testing

@testable import BoxwatchUI

@Suite struct SameStandingTests {
  private static let end = Conclusion(outcome: Outcome(status: .exited(3)))
  private static let stories: [[ExecutionEvent]] = [
    [.started(processIdentifier: 1), .exited(.exited(0)), .drainDeadlineElapsed, .streamEmptied(.stdout), .exit(end)],
    [.started(processIdentifier: 1), .forceClosed, .exited(.signalled(9, coreDumped: false)), .exit(end)],
    [.started(processIdentifier: 1), .exited(.exited(0)), .forceClosed, .endOfStream(.stdout), .exit(end)],
    [.started(processIdentifier: nil), .timeLimitElapsed, .exited(.exited(0)), .connectionLost, .exit(end)],
    [.startFailed(.notFound), .exit(end)],
  ]

  /// Each beginning of a record is what another boxwatch may find.
  @Test(arguments: [DrainPolicy.untilEndOfStream, .untilEmpty, .untilIdle(grace: .zero, limit: .seconds(1))])
  func `a list and the screen say the same at every event, under every drain policy`(drain: DrainPolicy) throws {
    let folder = ScratchFolder()
    let spec = ExecutionSpec(command: ["make"], drain: drain)
    for (number, story) in Self.stories.enumerated() {
      for length in 0...story.count {
        let id = try #require(ExecutionID("same-\(number)-\(length)"))
        let writer = try JournalWriter(
          creating: folder.path.appending(id.description),
          identity: JournalIdentity(id: id, box: "local", created: 1, watcher: 7), spec: spec)
        for event in story.prefix(length) { #expect(writer.publish(event, at: 1) == nil) }
        let journal = try JournalReader(opening: folder.path.appending(id.description))
        var row = ExecutionRow(id: id, spec: journal.spec, box: "local", number: 1, created: 1)
        for record in try journal.records(from: 0, limit: 99) { row.apply(record) }
        #expect(try ListedExecution(journal).state == row.state, "\(story.prefix(length)) \(drain.text)")
        writer.close()
      }
    }
  }
}
