import ExecModel
import Testing

@testable import ContainerBoxes

@Suite struct ContainerTargetTests {
  @Test(arguments: [
    "docker:web", "podman:a1_b.c-d", "docker:me@web", "docker-image:alpine",
    "podman-image:localhost:5000/x/y:1@sha256:ab",
  ])
  func `a target is written as it was read`(text: String) throws {
    #expect(try ContainerTarget(text: text).description == text)
    #expect(ContainerTarget.claims(text))
  }

  @Test func `its parts are told apart`() throws {
    let target = try ContainerTarget(text: "podman:me@web")
    #expect(target.engine == .podman)
    #expect(target.user == "me")
    #expect(target.place == .container("web"))
    #expect(try ContainerTarget(text: "docker-image:a@sha256:1").place == .image("a@sha256:1"))
  }

  @Test(arguments: [
    "", "web", "docker:", "docker:/etc", "docker:a b", "docker:a/b", "docker:@web", "docker:me@", "docker-image:../x",
    "Docker:web",
  ])
  func `an invalid target is refused in one line`(text: String) {
    let error = #expect(throws: TextValueError.self) { try ContainerTarget(text: text) }
    #expect(error?.description.contains("\n") == false)
  }
}
