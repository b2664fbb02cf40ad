import BoxLiteServer
import BoxLiteWire
import ExecEngine
import ExecModel
import JSON
import Testing

/// What a client calls its box stays with the executions.
@Suite struct ClientBoxTests {
  private func execute(_ fixture: ServerFixture, in body: String) throws -> ExecutionSpec {
    let created = try fixture.ask("POST", "/v1/boxes", body: body)
    guard case .string(let box)? = ServerFixture.field("box_id", created.body) else { throw ServerFixture.Missing() }
    let answer = try fixture.ask("POST", "/v1/boxes/\(box)/exec", body: #"{"command":"true"}"#)
    guard case .string(let text)? = ServerFixture.field("execution_id", answer.body), let id = ExecutionID(text) else {
      throw ServerFixture.Missing()
    }
    let spec = try fixture.engine.spec(id)
    #expect(spec.clientBox?.id == box)
    return spec
  }

  @Test func `name, image and labels are those of the box`() throws {
    let fixture = try ServerFixture(isPrivate: true)
    let box = try execute(fixture, in: #"{"name":"web","image":"python:slim","labels":{"b":"2","a":"1"}}"#).clientBox
    #expect(box?.name == "web" && box?.title == "web" && box?.image == "python:slim")
    #expect(box?.labels == ["a": "1", "b": "2"])
    let list = try fixture.ask("GET", "/v1/boxes/all/executions", private: true).body
    #expect(list.contains(#""name":"web","image":"python:slim","labels":{"a":"1","b":"2"}}"#), "\(list)")
    #expect(list.contains(#""box":"local""#))
  }

  @Test func `a box without a name is called by its identifier`() throws {
    let box = try execute(try ServerFixture(), in: #"{"image":"x"}"#).clientBox
    #expect(box?.name == nil && box?.title == box?.id && box?.labels == [:])
  }

  @Test func `very many labels do not go into every record`() throws {
    let labels = (0..<5000).map { #""label\#($0)":"\#(String(repeating: "x", count: 20))""# }.joined(separator: ",")
    let box = try execute(try ServerFixture(), in: #"{"image":"x","labels":{\#(labels)}}"#).clientBox
    let bytes = box?.labels.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count } ?? 0
    #expect((2000...4096).contains(bytes))
  }

  @Test func `an execution that no client started has none`() throws {
    let fixture = try ServerFixture(isPrivate: true)
    let (id, path) = try fixture.start("true")
    #expect(try fixture.engine.spec(id).clientBox == nil)
    #expect(try !fixture.ask("GET", path, private: true).body.contains("client_box"))
  }
}
