import BoxLiteWire
import ExecEngine
import ExecModel
import TestSupport
import Testing

@testable import BoxLiteServer

/// Who runs a command.
@Suite struct UserTests {
  private func spec(of box: String? = nil, _ user: String?) throws -> ExecutionSpec {
    let folder = ScratchFolder()
    let store = Store(Engine(stateDirectory: folder.path), ServerConfiguration()) { 0 }
    let id = try store.exec(
      BoxPlace(id: "b", box: InstantBox(capabilities: .everything.union(.user)), user: box),
      ExecBody(command: "id", user: user))
    return try store.engine.spec(id)
  }

  @Test func `the request's user is the command's, before the box's`() throws {
    #expect(try spec(nil).user == nil)
    #expect(try spec("nobody:users").user == "nobody:users")
    #expect(try spec(of: "web", nil).user == "web")
    #expect(try spec(of: "web", "1000:1000").user == "1000:1000")
  }

  @Test func `a box that has one user only refuses the request, and starts nothing`() throws {
    let fixture = try ServerFixture()
    let box = try fixture.box()
    for user in ["nobody", "0", "root:root"] {
      let answer = try fixture.ask("POST", "/v1/boxes/\(box)/exec", body: #"{"command":"id","user":"\#(user)"}"#)
      #expect(answer.status == 400 && answer.body.contains("\"unsupported\"") && answer.body.contains("field 'user'"))
      #expect(answer.body.contains("the user who runs boxwatch"), "\(answer.body)")
    }
    #expect(fixture.engine.snapshots().isEmpty)
    #expect(try fixture.ask("POST", "/v1/boxes", body: #"{"image":"x","user":"web"}"#).status == 400)
    #expect(try fixture.ask("POST", "/v1/boxes", body: #"{"image":"x","user":" "}"#).status == 201)
    let blank = try fixture.ask("POST", "/v1/boxes/\(box)/exec", body: #"{"command":"true","user":" "}"#)
    #expect(blank.status == 201)
  }
}
