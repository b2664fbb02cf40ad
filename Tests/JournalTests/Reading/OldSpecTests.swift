import ExecModel
import Testing

@testable import Journal

/// Specs of journals that an earlier boxwatch wrote.
@Suite struct OldSpecTests {
  private static let text = """
    {"spec":{"killGrace":[2000000000000000000,0],"environment":[],"input":{"pipe":{}},"command":["true"],\
    "keep":{"bytes":{"_0":4294967296}},"drain":{"untilEndOfStream":{}}},\
    "identity":{"watcher":7,"created":5,"box":"local","id":"x"}}
    """

  @Test func `an old spec without a user and a client's box is read`() throws {
    let document = try SpecDocument(decoding: Array(Self.text.utf8))
    #expect(document.spec.user == nil && document.spec.clientBox == nil)
    #expect(document.spec == ExecutionSpec(command: ["true"], input: .pipe, killGrace: document.spec.killGrace))
    #expect(document.identity.box == "local")
  }

  @Test func `a spec without the new fields is written in the old form`() throws {
    let document = SpecDocument(identity: try TestJournal.identity(), spec: ExecutionSpec(command: ["true"]))
    let text = String(decoding: try document.encoded(), as: UTF8.self)
    #expect(!text.contains("user") && !text.contains("clientBox"))
  }
}
