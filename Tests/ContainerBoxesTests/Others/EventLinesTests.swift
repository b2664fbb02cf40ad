import ExecModel
import JSON
import Testing

@testable import ContainerBoxes

@Suite struct EventLinesTests {
  /// What is made of chunks.
  private static func actions(_ chunks: [String]) -> [String] {
    var lines = EventLines()
    let events = chunks.flatMap { chunk in Array(chunk.utf8).withUnsafeBytes { lines.take($0.bytes) } }
    return events.map { $0["Action"]?.string ?? "?" }
  }

  @Test func `an event to a line, wherever the chunks are cut`() {
    #expect(Self.actions(["{\"Action\":\"a\"}\n{\"Act", "ion\":\"b\"}\n"]) == ["a", "b"])
  }

  @Test func `an event counts without its line break`() {
    #expect(Self.actions(["{\"Action\":\"a\"}", "\n{\"Action\":\"b\"}"]) == ["a", "b"])
  }

  @Test func `a bracket within an event is not its end`() {
    #expect(Self.actions(["{\"Action\":\"exec\",\"Actor\":{\"ID\":\"x\"}", "}\n"]) == ["exec"])
  }

  @Test func `nonsense is passed over`() {
    #expect(Self.actions(["nonsense\n\n{\"Action\":\"a\"}\n"]) == ["a"])
  }
}
