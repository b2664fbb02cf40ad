import BoxwatchUI
import Console
import ExecEngine
import HostBoxes
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
    let words = "there is no box '\(name)'; the boxes are local, bwrap, far, web, and what boxwatch boxes lists"
    #expect(error?.description == words)
  }

  @Test func `the choices begin with the default, and say what a box cannot do`() throws {
    let choices = try catalogue().choices(first: "far")
    #expect(choices.map(\.name) == ["far", "local", "bwrap", "web"])
    #expect(choices.map { $0.can(.signals) } == [false, true, true, false])
  }

  @Test(arguments: ["docker:web", "podman:me@web", "docker-image:alpine", "podman-image:a/b:1"])
  func `a container or an image is a box by its own name`(name: String) throws {
    #expect(try catalogue().box(named: name).name == name)
    #expect(try catalogue().choices(first: name).map(\.name) == [name, "local", "bwrap", "far", "web"])
  }

  @Test func `a container of the configuration goes by its name there`() throws {
    let text = "boxes: {web: {container: docker:web}, new: {container: podman-image:a/b}}"
    let catalogue = BoxCatalogue(try Configuration(text: text, path: "c.yaml"))
    for name in ["web", "new"] { #expect(try catalogue.box(named: name).name == name) }
  }

  @Test(arguments: ["docker:", "docker:a b", "podman:/x", "docker-image:"])
  func `a container's name that is none is refused in one line`(name: String) throws {
    let error = #expect(throws: Failure.self) { try catalogue().box(named: name) }
    #expect(error?.description.contains("'\(name)'") == true)
  }

  @Test func `an address is a name, and is made once`() throws {
    let catalogue = try catalogue()
    let box = try catalogue.box(named: "boxlite://127.0.0.1:8100/web")
    #expect(box.name == "boxlite://127.0.0.1:8100/web" && !box.capabilities.contains(.holders))
    #expect(catalogue.choices(first: box.name).first?.name == box.name)
  }

  @Test(arguments: [
    ("boxlite://far", "no box"), ("boxlite://far:x/web", "port"), ("boxlite://far/web/exec", "attach"),
    ("boxlite://key@far/web", "BOXLITE_API_KEY"), ("boxlite://far/a b", "a b"),
  ])
  func `an address that cannot be meant is told why`(name: String, word: String) throws {
    let catalogue = try catalogue()
    let error = #expect(throws: Failure.self) { try catalogue.box(named: name) }
    #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
  }

  @Test func `a configured box on a server has the name it was given`() throws {
    let text =
      "boxes: {far: {boxlite: \"boxlite://far/web\", key-file: /nowhere/key}, near: {boxlite: \"boxlite://near/web\"}}"
    let catalogue = BoxCatalogue(try Configuration(text: text, path: "c.yaml"))
    #expect(catalogue.names == ["local", "bwrap", "far", "near"])
    #expect(try catalogue.box(named: "near").name == "near")
    let error = #expect(throws: Failure.self) { try catalogue.box(named: "far") }
    #expect(error?.description == "there is no key file '/nowhere/key'")
  }

  @Test func `options are for throw-away sandboxes, and refused for others`() throws {
    let catalogue = BoxCatalogue(
      try Configuration(text: "boxes: {build: {bwrap: {net: true}}, far: {command: ssh far --}}", path: "c.yaml"))
    let options = SandboxOptions(limits: BoxLimits(processes: 5))
    for name in ["bwrap", "build"] { #expect(try catalogue.box(named: name, adding: options).name == name) }
    for name in ["local", "far"] {
      let error = #expect(throws: Failure.self) { try catalogue.box(named: name, adding: options) }
      #expect(error?.description.contains("which '\(name)' is not") == true)
    }
    let unknown = #expect(throws: Failure.self) { try catalogue.box(named: "x", adding: options) }
    #expect(unknown?.description.contains("there is no box 'x'") == true)
  }

  @Test func `a default that does not exist is left out`() throws {
    #expect(try catalogue().choices(first: "gone").map(\.name) == ["local", "bwrap", "far", "web"])
  }
}
