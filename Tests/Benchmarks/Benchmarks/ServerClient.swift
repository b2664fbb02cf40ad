import BoxLiteWire
import Glibc
import JSON

/// A BoxLite client that costs little: blocking, one connection for requests, a new one for each attach, as the SDKs do.
final class ServerClient: Sendable {
  struct Failure: Error {
    let words: String

    init(_ words: String) { self.words = words }
  }

  private let port: UInt16
  private let requests: ClientSocket
  private let box: String

  init(port: UInt16) throws {
    self.port = port
    requests = try ClientSocket(port: port)
    box = try Self.field("box_id", try requests.request("POST /v1/boxes", #"{"image":"x"}"#))
  }

  private static func field(_ name: String, _ body: [UInt8]) throws -> String {
    guard let text = try JSONObject(body: body).string(name) else {
      throw Failure(String(decoding: body, as: UTF8.self))
    }
    return text
  }

  /// Runs a command, reads its output up to the exit frame, and returns how many bytes it had.
  func run(_ command: [String]) throws -> Int {
    let body = JSONValue.object([
      JSONMember("command", .string(command[0])),
      JSONMember("args", .array(command.dropFirst().map { .string($0) })), JSONMember("tty", .bool(false)),
    ])
    let answer = try requests.request("POST /v1/boxes/\(box)/exec", body.text)
    let id = try Self.field("execution_id", answer)
    let socket = try ClientSocket(port: port)
    try socket.upgrade("/v1/boxes/\(box)/executions/\(id)/attach")
    var read = 0
    while true {
      let (opcode, count) = try socket.frame()
      if opcode == 2 { read += count - 1 }
      // The only text there is here: the exit.
      if opcode == 1 { return read }
      if opcode == 8 { throw Failure("closed before the exit frame") }
    }
  }
}
