import ExecModel
import Jobs
import Testing

@testable import Instances

@Suite struct DetachedOrderTests {
  @Test func `an order comes out as it went in, whatever is in its words`() throws {
    let spec = ExecutionSpec(
      command: ["sh", "", "\u{0}\n\"\\日本\u{1B}"], name: "näme",
      environment: [EnvironmentVariable(name: "A", value: "b=c")], workingDirectory: "/", user: "u:g",
      input: .file("x"),
      terminal: TerminalSize(rows: 1, columns: 2), timeLimit: .milliseconds(1500), killGrace: .seconds(3),
      drain: .untilIdle(grace: .seconds(1), limit: .seconds(9)), keep: .all)
    let requests = [ExecutionRequest(box: "bwrap", spec: spec), ExecutionRequest(box: "", spec: .init(command: ["x"]))]
    let order = DetachedOrder(config: "/etc/x.yaml", key: "k\"ey", requests)
    let read = try DetachedOrder(decoding: order.encoded())
    #expect(read == order)
    #expect(read.requests == requests)
  }

  @Test func `a reply comes out as it went in, and half a one is none`() throws {
    let reply = DetachedReply(executions: [.init(id: "a", error: "no \"x\"", code: 127), .init(id: "b", code: 0)])
    let bytes = reply.encoded()
    #expect(try DetachedReply(decoding: bytes) == reply)
    for count in 0..<bytes.count {
      #expect(throws: (any Error).self) { try DetachedReply(decoding: Array(bytes[..<count])) }
    }
  }
}
