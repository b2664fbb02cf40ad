import JSON
import Testing

@testable import ContainerBoxes

@Suite struct EngineFactsTests {
  private func facts(_ text: String) throws -> EngineFacts? { EngineFacts(try JSONValue(parsing: Array(text.utf8))) }

  @Test(arguments: [
    ("1.41", "1.12", 1041), ("1.40", "1.12", 1040), ("1.51", "1.24", 1044), ("1.52", "1.48", 1048),
  ])
  func `the newest version that both know is spoken`(newest: String, oldest: String, spoken: Int) throws {
    let facts = try facts(#"{"ApiVersion": "\#(newest)", "MinAPIVersion": "\#(oldest)", "Version": "v"}"#)
    #expect(facts?.api == spoken)
    #expect(facts?.prefix == "/v1.\(spoken % 1000)")
  }

  @Test func `podman is known by its components`() throws {
    let podman = #"{"ApiVersion": "1.41", "Components": [{"Name": "Podman Engine"}]}"#
    #expect(try facts(podman)?.kind == .podman)
    #expect(try facts(#"{"ApiVersion": "1.41", "Components": [{"Name": "Engine"}]}"#)?.kind == .docker)
  }

  @Test(arguments: [
    "{}", "[]", "null", #"{"ApiVersion": 1.41}"#, #"{"ApiVersion": "x.y"}"#,
    #"{"ApiVersion": "99999999999999999999.1"}"#,
  ])
  func `an answer that is not an engine's is refused`(text: String) throws {
    #expect(try facts(text) == nil)
  }
}
