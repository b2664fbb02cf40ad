import BoxwatchUI
import ExecEngine
import Testing

@testable import boxwatch

@Suite struct MissingAbilityTests {
  private func choice(_ name: String) throws -> BoxChoice {
    let text =
      "boxes: {far: {command: ssh far --}, small: {bwrap: {memory: 64M}}, agent: {boxlite: boxlite://far/web}}"
    let catalogue = BoxCatalogue(try Configuration(text: text, path: "c.yaml"))
    return try #require(
      catalogue.choices(first: "local").first { $0.name == name } ?? catalogue.choices(first: name).first)
  }

  @Test(arguments: ["local", "bwrap", "small", "far", "agent", "docker:web", "podman-image:a", "boxlite://far/b"])
  func `whatever a box cannot do has a reason`(name: String) throws {
    let choice = try choice(name)
    #expect(choice.name == name)
    for (ability, reason) in choice.missing {
      #expect(!reason.isEmpty && reason.first?.isUppercase == false && !reason.hasSuffix("."), "\(ability)")
    }
  }

  @Test func `what is said to be missing is what the box says itself`() throws {
    #expect(try choice("local").can(.signals) && choice("bwrap").can(.killAll) && !choice("local").can(.killAll))
    #expect(try choice("far").missing[.signals]?.contains("ssh") == true)
    #expect(try choice("agent").can(.reattach) && !choice("agent").can(.holders))
    #expect(try ["bwrap", "small", "local", "far"].map { try choice($0).takesOptions } == [true, true, false, false])
  }

  @Test func `what was found is told, the default first, and what cannot be used with its reason`() throws {
    let catalogue = BoxCatalogue(try Configuration(text: "", path: "c.yaml"))
    let found = [
      FoundBox(name: "bwrap", kind: "built in", detail: "a sandbox", problem: "it is not installed"),
      FoundBox(name: "docker:web", kind: "container", detail: "alpine"),
      FoundBox(name: "podman", kind: "engine", detail: "", problem: "no server listens"),
      FoundBox(name: "gone", kind: "kept", detail: ""),
    ]
    let choices = catalogue.choices(found, first: "docker:web")
    #expect(choices.map(\.name) == ["docker:web", "bwrap", "podman"])
    #expect(choices.map(\.problem) == [nil, "it is not installed", "no server listens"])
    #expect(choices[0].detail == "alpine")
  }
}
