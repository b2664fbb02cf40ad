import JSON
import TestSupport
import Testing

@testable import BoxLiteWire

@Suite struct WireFuzzTests {
  @Test func `what is written is read back the same`() throws {
    let seed = UInt64.random(in: .min ... .max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2000 {
      let value = Self.value(&random, depth: 0)
      #expect(try JSONValue(parsing: Array(value.text.utf8)) == value, "seed \(seed): \(value.text)")
    }
  }

  /// A decoder either throws its error or gives a value; a trap would end the test run.
  @Test func `broken bodies and frames never trap, and what is taken is well formed`() throws {
    let seed = UInt64.random(in: .min ... .max)
    var random = SeededGenerator(seed: seed)
    var taken = 0
    for _ in 0..<20_000 {
      let bytes = Self.broken(&random)
      if let value = try? JSONValue(parsing: bytes) {
        taken += 1
        #expect(try JSONValue(parsing: Array(value.text.utf8)) == value, "seed \(seed): \(bytes)")
      }
      if let body = try? ExecBody(body: bytes) { #expect(!body.command.isEmpty, "seed \(seed)") }
      if let control = try? ClientControl(text: bytes) {
        #expect(try ClientControl(text: Array(control.text.utf8)) == control, "seed \(seed): \(bytes)")
      }
      if let signal = try? SignalBody(body: bytes) { #expect(SignalBody.standard.contains(signal.number)) }
      _ = try? CreateBoxBody(body: bytes)
      _ = try? ServerMessage(text: bytes)
      _ = try? AttachQuery(Substring(String(decoding: bytes, as: UTF8.self)))
    }
    #expect(taken > 100, "seed \(seed): the corpus is too broken to reach anything")
  }

  private static let corpus = [
    #"{"command":"sh","args":["-c","x"],"env":{"A":"b"},"timeout_seconds":1.5,"tty":false,"working_dir":"/"}"#,
    #"{"type":"resize","rows":24,"cols":80}"#, #"{"type":"signal","sig":15}"#, #"{"type":"stdin_eof"}"#,
    #"{"signal":15}"#, #"{"name":"a","image":"b","labels":{"x":"y"},"network":{"mode":"enabled"}}"#,
    #"{"type":"exit","exit_code":-9}"#, "stdin=0&from_stdout=5", #"["\u00e9\ud83d\ude00",1e5,-0.25,null,[[]]]"#,
  ].map { Array($0.utf8) }

  private static func broken(_ random: inout SeededGenerator) -> [UInt8] {
    var bytes = corpus.randomElement(using: &random) ?? []
    for _ in 0..<Int.random(in: 0...4, using: &random) where !bytes.isEmpty {
      let index = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &random)
      case 1: bytes.remove(at: index)
      case 2: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &random)], at: index)
      default: bytes.removeSubrange(index...)
      }
    }
    return bytes
  }

  private static func value(_ random: inout SeededGenerator, depth: Int) -> JSONValue {
    switch Int.random(in: 0..<(depth < 5 ? 7 : 5), using: &random) {
    case 0: .null
    case 1: .bool(Bool.random(using: &random))
    case 2: .integer(Int64.random(in: .min ... .max, using: &random))
    case 3: .number(Double.random(in: -1e12...1e12, using: &random).rounded(.down) + 0.5)
    case 4: .string(text(&random))
    case 5: .array((0..<Int.random(in: 0..<4, using: &random)).map { _ in value(&random, depth: depth + 1) })
    default:
      .object(
        (0..<Int.random(in: 0..<4, using: &random)).map { _ in
          JSONMember(text(&random), value(&random, depth: depth + 1))
        })
    }
  }

  private static func text(_ random: inout SeededGenerator) -> String {
    let scalars = (0..<Int.random(in: 0..<8, using: &random)).compactMap { _ in
      Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &random))
    }
    return String(String.UnicodeScalarView(scalars))
  }
}
