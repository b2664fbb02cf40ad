import Boxes
import BoxwatchUI
import ExecEngine
import Testing

@testable import boxwatch

@Suite struct BoxCatalogueTests {
  private func catalogue() throws -> BoxCatalogue {
    BoxCatalogue(
      try Configuration(text: "boxes: {web: {command: docker exec web}, far: {command: ssh far --}}", path: "c.yaml"))
  }

  @Test func `boxes are found by name`() throws {
    let catalogue = try catalogue()
    for name in ["local", "bwrap", "web", "far"] { #expect(try catalogue.box(named: name).name == name) }
    #expect(catalogue.names == ["local", "bwrap", "far", "web"])
  }

  @Test(arguments: ["", "Local", "web ", "nowhere"])
  func `an unknown name is answered with the names there are`(name: String) throws {
    let catalogue = try catalogue()
    let error = #expect(throws: Failure.self) { try catalogue.box(named: name) }
    #expect(error?.description == "there is no box '\(name)': there are local, bwrap, far, web")
  }

  @Test func `the choices begin with the default, and say what a box cannot do`() throws {
    let choices = try catalogue().choices(first: "far")
    #expect(choices.map(\.name) == ["far", "local", "bwrap", "web"])
    #expect(choices.map(\.hasSignals) == [false, true, true, false])
  }

  @Test func `options are for throw-away sandboxes, and refused for others`() throws {
    let catalogue = BoxCatalogue(
      try Configuration(text: "boxes: {build: {bwrap: {net: true}}, far: {command: ssh far --}}", path: "c.yaml"))
    let options = SandboxOptions(limits: BoxLimits(processes: 5))
    for name in ["bwrap", "build"] { #expect(try catalogue.box(named: name, adding: options).name == name) }
    for name in ["local", "far"] {
      let error = #expect(throws: Failure.self) { try catalogue.box(named: name, adding: options) }
      #expect(error?.description.contains("'\(name)' is none") == true)
    }
    let unknown = #expect(throws: Failure.self) { try catalogue.box(named: "x", adding: options) }
    #expect(unknown?.description.contains("there is no box 'x'") == true)
  }

  @Test func `a default that does not exist is left out`() throws {
    #expect(try catalogue().choices(first: "gone").map(\.name) == ["local", "bwrap", "far", "web"])
  }
}
