import BoxLiteServer
import BoxLiteWire
import ExecEngine
import ExecModel
import Glibc
import JSON
import SystemPackage
import TestSupport
import Testing

/// Random mutations of real conversations against a real server: it never traps, never hangs, and keeps no claim.
@Suite struct PipelineFuzzTests {
  /// A command that goes on until the test ends, in a box that starts no process: what is fuzzed may be a command.
  private final class Target {
    let folder = ScratchFolder()
    let box = ScriptedBox()
    let server: RESTServer
    let path: String

    init() throws {
      var configuration = ServerConfiguration()
      configuration.times.request = .milliseconds(500)
      configuration.times.afterClose = .milliseconds(200)
      configuration.times.write = .milliseconds(500)
      configuration.times.ping = .milliseconds(50)
      configuration.times.silence = .milliseconds(500)
      let engine = Engine(stateDirectory: folder.path)
      server = try RESTServer(
        engine, box: box, at: .unix(path: folder.path.appending("s").string), configuration: configuration)
      let made = try Self.ask(server, "POST", "/v1/boxes", #"{"image":"x","name":"b"}"#)
      let started = try Self.ask(server, "POST", "/v1/boxes/b/exec", #"{"command":"x"}"#)
      guard made.status == 201, case .string(let id)? = ServerFixture.field("execution_id", started.body) else {
        throw ServerFixture.Missing()
      }
      path = "/v1/boxes/b/executions/\(id)"
    }

    deinit { server.stop() }

    static func ask(
      _ server: RESTServer, _ method: String, _ path: String, _ body: String? = nil
    ) throws -> (status: Int, body: String) {
      let connection = try RawConnection(to: server.address)
      connection.request(method, path, body: body, headers: ["Connection: close"])
      return connection.answer() ?? (0, "")
    }
  }

  private func corpus(_ path: String) -> [[UInt8]] {
    func request(_ line: String, _ body: String = "", _ headers: String = "") -> [UInt8] {
      Array("\(line) HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)".utf8)
    }
    let upgrade = request(
      "GET \(path)/attach?from_stdout=0", "",
      """
      Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n
      """)
    let frames: [[UInt8]] = [
      RawConnection.frame(0x82, Array("input".utf8)), RawConnection.frame(0x81, Array(#"{"type":"stdin_eof"}"#.utf8)),
      RawConnection.frame(0x81, Array(#"{"type":"resize","rows":3,"cols":4}"#.utf8)),
      RawConnection.frame(0x81, Array(#"{"type":"signal","sig":15}"#.utf8)), RawConnection.frame(0x89, [1, 2]),
      RawConnection.frame(0x8A, [0, 0, 0, 0, 0, 0, 0, 1]),
      RawConnection.frame(0x02, [1]) + RawConnection.frame(0x80, [2]),
      RawConnection.frame(0x88, [3, 232]), RawConnection.frame(0x82, [UInt8](repeating: 7, count: 70_000)),
    ]
    return [
      upgrade + frames.joined(), request("GET /v1/boxes"), request("GET \(path)"),
      request("POST /v1/boxes", #"{"image":"a","labels":{"x":"y"},"cpus":1}"#),
      request("POST /v1/boxes/b/exec", #"{"command":"sh","args":["-c","x"],"env":{"A":"b"},"timeout_seconds":1e3}"#),
      request("POST \(path)/signal", #"{"signal":15}"#), request("POST \(path)/resize", #"{"rows":1,"cols":2}"#),
      request("GET /v1/config") + request("HEAD /v1/boxes/b") + request("DELETE /v1/boxes/c?force=true"),
    ] + frames.map { upgrade + $0 }
  }

  private func broken(_ corpus: [[UInt8]], _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = corpus.randomElement(using: &random) ?? []
    for _ in 0..<Int.random(in: 0...6, using: &random) where !bytes.isEmpty {
      let index = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<7, using: &random) {
      case 0: bytes[index] = .random(in: .min ... .max, using: &random)
      case 1: bytes[index] ^= 1 << Int.random(in: 0..<8, using: &random)
      case 2: bytes.remove(at: index)
      case 3: bytes.insert(.random(in: .min ... .max, using: &random), at: index)
      case 4: bytes.removeSubrange(index...)
      case 5: bytes.insert(contentsOf: bytes[..<min(bytes.count, 40)], at: index)
      default: bytes += corpus.randomElement(using: &random) ?? []
      }
    }
    return bytes
  }

  /// Sends bytes in pieces, leaves in one of three ways, and tells whether the server let go.
  private func converse(_ target: Target, _ bytes: [UInt8], _ random: inout SeededGenerator) throws -> Bool {
    let connection = try RawConnection(to: target.server.address)
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Bool.random(using: &random) ? rest.count : Int.random(in: 1...rest.count, using: &random)
      guard connection.send(Array(rest.prefix(count))) else { break }
      rest = rest.dropFirst(count)
    }
    switch Int.random(in: 0..<16, using: &random) {
    case 0..<5:
      connection.reset()
      return true
    case 5..<15: connection.finish()
    // Says nothing more: the server's own clocks must end it.
    default: break
    }
    return Bool.random(using: &random) || connection.readToEnd()
  }

  @Test func `mutated conversations end in time and leave the server as it was`() throws {
    var random = SeededGenerator()
    let target = try Target()
    let corpus = corpus(target.path)
    for count in 1...500 {
      let bytes = broken(corpus, &random)
      #expect(try converse(target, bytes, &random), "seed \(random.seed), number \(count): the server keeps on")
      if count % 16 == 0 {
        #expect(
          try Target.ask(target.server, "GET", "/v1/config").status == 200, "seed \(random.seed), number \(count)")
      }
    }
    // The server ends what is still attached.
    let wake = WakeUp()
    target.server.watchClients { wake.signal() }
    while target.server.clients > 0 { #expect(wake.wait(seconds: 20), "seed \(random.seed): a claim is left") }
  }
}
