import JSON
import Testing

@testable import BoxLiteWire

@Suite struct BodyTests {
  private func exec(_ text: String) throws(JSONError) -> ExecBody { try ExecBody(body: Array(text.utf8)) }

  @Test func `a whole exec is read, in the order of its environment`() throws {
    let body = try exec(
      #"""
      {"command":"sh","args":["-c","x"],"env":{"B":"1","A":"2","B":"3"},"working_dir":"/w","timeout_seconds":2,
       "tty":true,"stdin":"in","user":"nobody"}
      """#)
    #expect(body.command == "sh" && body.arguments == ["-c", "x"] && body.workingDirectory == "/w")
    #expect(body.environment.map(\.name) == ["A", "B"] && body.environment.map(\.value) == ["2", "3"])
    #expect(body.timeout == 2 && body.terminal && body.input == "in" && body.user == "nobody")
  }

  @Test func `what is missing or null has its default, and what is unknown is ignored`() throws {
    let body = try exec(#"{"command":"ls","args":null,"shell":{"x":[1]},"user":" "}"#)
    #expect(body.arguments.isEmpty && body.environment.isEmpty && !body.terminal)
    #expect(body.timeout == nil && body.input == nil && body.user == nil && body.workingDirectory == nil)
  }

  @Test(arguments: [
    (#"{}"#, "field 'command' is missing"),
    (#"{"command":1}"#, "field 'command' must be a string, not an integer"),
    (#"{"command":""}"#, "field 'command' must not be empty"),
    (#"{"command":"a","args":"b"}"#, "field 'args' must be an array of strings, not a string"),
    (#"{"command":"a","args":["b",2]}"#, "field 'args[1]' must be a string, not an integer"),
    (#"{"command":"a","env":{"K":1}}"#, "field 'env.K' must be a string, not an integer"),
    (#"{"command":"a","env":{"A=B":"1"}}"#, "field 'env': 'A=B' is not a valid name of a variable"),
    (#"{"command":"a","env":{"":"1"}}"#, "field 'env': '' is not a valid name of a variable"),
    (#"{"command":"a","env":{"A":"\u0000"}}"#, "field 'env.A' must not contain a NUL byte"),
    (#"{"command":"\u0000"}"#, "field 'command' must not contain a NUL byte"),
    (#"{"command":"a","args":["\u0000"]}"#, "field 'args[0]' must not contain a NUL byte"),
    (#"{"command":"a","working_dir":"\u0000"}"#, "field 'working_dir' must not contain a NUL byte"),
    (#"{"command":"a","user":"\u0000"}"#, "field 'user' must not contain a NUL byte"),
    (#"{"command":"a","user":1}"#, "field 'user' must be a string, not an integer"),
    (#"{"command":"a","tty":"yes"}"#, "field 'tty' must be a boolean, not a string"),
    (#"{"command":"a","timeout_seconds":-1}"#, "field 'timeout_seconds' must be 0 to 315360000, not -1.0"),
    (#"{"command":"a","timeout_seconds":"1"}"#, "field 'timeout_seconds' must be a number, not a string"),
    (#"[]"#, "the body must be a JSON object"),
  ])
  func `a wrong field is named`(text: String, message: String) {
    #expect(throws: JSONError(message)) { try exec(text) }
  }

  @Test func `the three shapes of a created box that SDKs send are taken`() throws {
    for network in [#""enabled""#, #"{"mode":"enabled"}"#, #"{"outbound":{"mode":"e"},"inbound":{"mode":"e"}}"#] {
      let text = #"{"name":"n","image":"alpine","network":\#(network),"detach":false,"auto_remove":true}"#
      let body = try CreateBoxBody(body: Array(text.utf8))
      #expect(body.name == "n" && body.image == "alpine")
    }
  }

  @Test func `a created box is written as it was read, its user too`() throws {
    let body = CreateBoxBody(
      name: "n", image: "i", labels: ["a": "b"], environment: ["C": "d"], workingDirectory: "/w", user: "u:g", cpus: 2,
      memory: 512)
    #expect(try CreateBoxBody(body: Array(body.json.text.utf8)) == body)
    #expect(throws: JSONError("field 'env': 'A=B' is not a valid name of a variable")) {
      try CreateBoxBody(body: Array(#"{"image":"x","env":{"A=B":"1"}}"#.utf8))
    }
  }

  @Test(arguments: ["", "a/b", "a b", "é", "..", "a%2f"])
  func `a name that would not survive in a path is refused`(name: String) {
    #expect(throws: JSONError.self) { try CreateBoxBody(body: Array(#"{"name":"\#(name)","image":"x"}"#.utf8)) }
  }

  @Test func `only the listed signals are taken`() throws {
    for number in 0...70 {
      let body = try? SignalBody(body: Array(#"{"signal":\#(number)}"#.utf8))
      #expect((body != nil) == [1, 2, 3, 6, 10, 12, 15, 28].contains(number), "\(number)")
    }
  }

  @Test func `other signals are taken where they may be sent`() throws {
    #expect(try SignalBody(body: Array(#"{"signal":40}"#.utf8), allowed: SignalBody.all).number == 40)
    let error = #expect(throws: JSONError.self) {
      try SignalBody(body: Array(#"{"signal":2}"#.utf8), allowed: [1, 15])
    }
    #expect(error?.description.contains("one of 1, 15,") == true)
    #expect(try ClientControl(text: Array(#"{"type":"signal","sig":9}"#.utf8), signals: [9]).type == "signal")
  }

  @Test func `a terminal has at least one cell`() throws {
    #expect(try ResizeBody(body: Array(#"{"cols":1,"rows":65535}"#.utf8)).rows == 65_535)
    for text in [#"{"cols":0,"rows":1}"#, #"{"cols":1,"rows":65536}"#, #"{"cols":1}"#, #"{"cols":1.5,"rows":1}"#] {
      #expect(throws: JSONError.self) { try ResizeBody(body: Array(text.utf8)) }
    }
  }

  @Test func `an error has the envelope and the table's words`() {
    let reply = ErrorReply(.notFound, "no \"x\"")
    #expect(
      reply.json(requestID: "7").text
        == #"{"error":{"message":"no \"x\"","type":"NotFoundError","code":"not_found","request_id":"7"}}"#)
    #expect(Set(ErrorKind.allCases.map(\.words.status)) == [400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503])
  }

  @Test func `an execution without a code leaves it out`() {
    let reply = ExecutionReply(
      id: "e", status: .running, exitCode: nil, command: "c", isAttached: false, error: nil, started: "t")
    #expect(!reply.json.text.contains("exit_code") && reply.json.text.contains(#""status":"running""#))
  }
}
