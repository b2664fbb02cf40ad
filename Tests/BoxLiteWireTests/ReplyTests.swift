import JSON
import TestSupport
import Testing

@testable import BoxLiteWire

/// What one side writes, the other reads.
@Suite struct ReplyTests {
  private func object(_ value: JSONValue) throws -> JSONObject { try JSONObject(body: Array(value.text.utf8)) }

  @Test func `a box is read as it was written, and a status that is new is unknown`() throws {
    let box = BoxReply(
      id: "b", name: "n", status: .paused, created: "c", updated: "u", image: "i", cpus: 2, memory: 3,
      labels: ["a": "b"])
    #expect(try BoxReply(object(box.json)) == box)
    let odd = try BoxReply(JSONObject(body: Array(#"{"box_id":"x","status":"melting"}"#.utf8)))
    #expect(odd.status == .unknown && odd.name == nil)
    #expect(throws: JSONError("field 'box_id' is missing")) { try BoxReply(JSONObject(body: [])) }
  }

  @Test func `an execution is read as it was written, and a status that is new is running`() throws {
    for status in ExecutionStatus.allCases {
      let reply = ExecutionReply(
        id: "e", status: status, exitCode: -9, command: "c d", isAttached: true, error: "x", started: "t")
      #expect(try ExecutionReply(object(reply.json)) == reply)
      #expect(status.isOver == (status != .running))
    }
    let text = #"{"execution_id":"e","status":"x","exit_code":9000000000}"#
    let odd = try ExecutionReply(JSONObject(body: Array(text.utf8)))
    #expect(odd.status == .running && odd.exitCode == .max)
  }

  @Test func `a request is read as it was written`() throws {
    let exec = ExecBody(
      command: "c", arguments: ["a", "b"], environment: [("N", "v"), ("M", "")], workingDirectory: "/w", timeout: 1.5,
      terminal: true, input: "i", user: "u")
    let read = try ExecBody(body: Array(exec.json.text.utf8))
    #expect(
      read.command == "c" && read.arguments == ["a", "b"] && read.workingDirectory == "/w" && read.timeout == 1.5)
    #expect(read.environment.map(\.name) == ["N", "M"] && read.terminal && read.input == "i" && read.user == "u")
    let box = CreateBoxBody(
      name: "n", image: "i", labels: ["l": "m"], environment: ["E": "f"], workingDirectory: "/w", cpus: 1, memory: 2)
    #expect(try CreateBoxBody(body: Array(box.json.text.utf8)) == box)
    #expect(try SignalBody(body: Array(SignalBody(number: 15).json.text.utf8)).number == 15)
    let size = ResizeBody(columns: 9, rows: 8)
    #expect(try ResizeBody(body: Array(size.json.text.utf8)) == size)
  }

  @Test func `what is empty is left out of a request`() {
    #expect(ExecBody(command: "c").json.text == #"{"command":"c","tty":false}"#)
    #expect(CreateBoxBody(image: "i").json.text == #"{"image":"i"}"#)
  }

  @Test func `an attach query is read as it was written`() throws {
    #expect(AttachQuery().text.isEmpty && AttachQuery(allowsInput: false).text == "?stdin=0")
    let query = AttachQuery(allowsInput: false, from: (3, .max))
    let read = try AttachQuery(query.text.dropFirst())
    #expect(!read.allowsInput && read.from?.stdout == 3 && read.from?.stderr == .max)
  }

  @Test func `who a server is, and what it can do`() throws {
    let me = MeReply(
      principal: "boxwatch", processIdentifier: 3, kind: "serve", executionsDirectory: "/x", address: "a")
    #expect(try MeReply(object(me.json)) == me)
    let text = #"{"server":"boxwatch","capabilities":{"attach_offsets":true,"watchers":1,"list_executions":false}}"#
    let config = try ConfigReply(JSONObject(body: Array(text.utf8)))
    #expect(config.attachesAtOffsets && !config.hasWatchers && !config.listsExecutions && config.server == "boxwatch")
    #expect(try ConfigReply(JSONObject(body: [])) == ConfigReply())
  }

  @Test(
    arguments: [
      (#"{"error":{"message":"m","type":"T","code":"c"}}"#, "m", "c"),
      (#"{"error":{"message":"m","code":404}}"#, "m", nil),
      (#"{"message":"m","code":"c"}"#, "m", "c"), (#"{"message":"m"}"#, "m", nil), (#"{"error":"m"}"#, nil, nil),
      ("[]", nil, nil), ("", nil, nil), ("not JSON", nil, nil), (#"{"error":{"message":7}}"#, nil, nil),
    ] as [(String, String?, String?)])
  func `an error is read in each of its forms`(text: String, message: String?, code: String?) {
    let envelope = ErrorEnvelope(body: Array(text.utf8))
    #expect(envelope?.message == message && envelope?.code == code)
  }

  /// A decoder either throws its error or gives a value; a trap would end the test run.
  @Test func `broken replies never trap`() {
    let seed = UInt64.random(in: .min ... .max)
    var random = SeededGenerator(seed: seed)
    let corpus = [
      #"{"box_id":"b","status":"running","cpus":1,"memory_mib":2,"labels":{"a":"b"},"created_at":"t"}"#,
      #"{"execution_id":"e","status":"completed","exit_code":-9,"attached":true}"#,
      #"{"error":{"message":"m","type":"T","code":"c"}}"#, #"{"capabilities":{"attach_offsets":true}}"#,
    ].map { Array($0.utf8) }
    var read = 0
    for _ in 0..<20_000 {
      var bytes = corpus.randomElement(using: &random) ?? []
      for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
      }
      guard let object = try? JSONObject(body: bytes) else { continue }
      read += 1
      _ = try? BoxReply(object)
      _ = try? ExecutionReply(object)
      _ = try? ConfigReply(object)
      _ = try? MeReply(object)
      _ = ErrorEnvelope(body: bytes)
    }
    #expect(read > 1000, "seed \(seed)")
  }
}
