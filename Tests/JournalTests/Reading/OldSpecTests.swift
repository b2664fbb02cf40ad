import ExecModel
import JSON
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
    let text = String(decoding: document.encoded(), as: UTF8.self)
    #expect(!text.contains("user") && !text.contains("clientBox"))
  }

  /// Written by the encoder of an earlier boxwatch, Foundation's.
  private static let full = """
    {"identity":{"watcher":26622,"id":"20261130-105010-136461-9qhjj-1","box":"local","created":1796035810136635425},\
    "spec":{"drain":{"untilIdle":{"grace":[0,250000000000000000],"limit":[1,1553255927290448384]}},\
    "environment":[{"name":"A","value":"\\/1\\n"}],"killGrace":[0,10000000000000000000],"timeLimit":[-1,0],\
    "input":{"file":{"_0":"\\/tmp\\/x"}},"keep":{"all":{}},"command":["sh","-c","echo ☃"],"name":"n","user":"u",\
    "workingDirectory":"\\/","terminal":{"rows":24,"columns":80},"recordFailure":"go-on",\
    "clientBox":{"id":"i","name":"b","image":"alpine","labels":{"k":"v"}}}}
    """

  @Test func `every member of an earlier boxwatch is read`() throws {
    let document = try SpecDocument(decoding: Array(Self.full.utf8))
    #expect(document.identity.created == 1_796_035_810_136_635_425 && document.identity.watcher == 26622)
    #expect(
      document.spec
        == ExecutionSpec(
          command: ["sh", "-c", "echo ☃"], name: "n", environment: [EnvironmentVariable(name: "A", value: "/1\n")],
          workingDirectory: "/", user: "u", input: .file("/tmp/x"), terminal: TerminalSize(),
          timeLimit: Duration(attoseconds: -(1 << 64)), killGrace: .seconds(10),
          drain: .untilIdle(grace: .milliseconds(250), limit: .seconds(20) + .nanoseconds(1)), keep: .all,
          clientBox: ClientBox(id: "i", name: "b", image: "alpine", labels: ["k": "v"]), onRecordFailure: .goOn))
    #expect(try SpecDocument(decoding: document.encoded()) == document)
  }

  @Test(arguments: [
    (#""command":["true"],"#, ""), (#"["true"]"#, #"[7]"#), (#""environment":[],"#, ""),
    (#"{"pipe":{}}"#, #"{"pope":{}}"#),
    (#"{"pipe":{}}"#, "{}"), ("[0,1]", "[1]"), ("[0,1]", #"["0",1]"#), ("[0,1]", "[0,-1]"),
    (#""id":"x""#, #""id":"/""#), (#""id":"x""#, #""id":"..""#), (#""id":"x""#, #""id":"-a""#),
    (#""id":"x""#, #""id":"""#),
    ("4294967296", "-1"), (#""watcher":7"#, #""watcher":7000000000"#), ("{\"bytes\"", "{\"all\":{},\"bytes\""),
  ])
  func `a spec with a wrong member is refused, and its field is named`(old: String, new: String) throws {
    let text = Self.text.replacing("2000000000000000000,0", with: "0,1")
    let wrong = text.replacing(old, with: new)
    try #require(wrong != text)
    let error = #expect(throws: JSONError.self) { try SpecDocument(decoding: Array(wrong.utf8)) }
    #expect(error?.description.contains("field '") == true)
  }
}
