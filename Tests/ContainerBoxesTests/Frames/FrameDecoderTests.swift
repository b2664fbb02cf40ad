import ExecModel
import TestSupport
import Testing

@testable import ContainerBoxes

@Suite struct FrameDecoderTests {
  /// What came out, run by run put together.
  struct Output: Equatable {
    var stdout: [UInt8] = []
    var stderr: [UInt8] = []
    var complaint: [UInt8] = []
  }

  static func frame(_ stream: UInt8, _ payload: [UInt8]) -> [UInt8] {
    let length = UInt32(payload.count)
    return [stream, 0, 0, 0] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } + payload
  }

  /// Feeds chunks; of each run only `taking` bytes are taken at a time.
  static func decode(
    _ decoder: inout FrameDecoder, _ chunks: [[UInt8]], taking most: Int = .max
  ) throws(FrameError) -> Output {
    var output = Output()
    for chunk in chunks {
      var offset = 0
      while let piece = try decoder.piece(in: chunk.span.bytes, at: &offset) {
        let count = keep(piece, chunk, most, in: &output)
        decoder.take(count)
        offset += count
      }
      #expect(offset == chunk.count)
    }
    return output
  }

  private static func keep(_ piece: FramePiece, _ chunk: [UInt8], _ most: Int, in output: inout Output) -> Int {
    switch piece {
    case .output(.stdout, let range): output.stdout += chunk[range].prefix(most)
    case .output(.stderr, let range): output.stderr += chunk[range].prefix(most)
    case .complaint(let range): output.complaint += chunk[range].prefix(most)
    }
    switch piece {
    case .output(_, let range), .complaint(let range): return min(range.count, most)
    }
  }

  private static let sample = frame(1, Array("out".utf8)) + frame(2, Array("error".utf8)) + frame(1, []) + frame(0, [7])
  private static let expected = Output(stdout: Array("out".utf8) + [7], stderr: Array("error".utf8))

  @Test func `frames go to their streams`() throws {
    var decoder = FrameDecoder(.framed)
    #expect(try Self.decode(&decoder, [Self.sample]) == Self.expected)
    #expect(decoder.isBetweenFrames)
  }

  @Test func `a split at any byte changes nothing`() throws {
    for first in 0...Self.sample.count {
      for second in first...Self.sample.count {
        var decoder = FrameDecoder(.framed)
        let chunks = [Self.sample[..<first], Self.sample[first..<second], Self.sample[second...]].map(Array.init)
        #expect(try Self.decode(&decoder, chunks) == Self.expected, "\(first) \(second)")
      }
    }
  }

  @Test func `bytes that are not taken are offered again`() throws {
    for most in 1...6 {
      var decoder = FrameDecoder(.framed)
      #expect(try Self.decode(&decoder, [Self.sample], taking: most) == Self.expected)
    }
  }

  @Test func `random frames in random chunks come out whole`() throws {
    var chance = SeededGenerator()
    for _ in 0..<200 {
      var expected = Output()
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0...30, using: &chance) {
        let payload = (0..<Int.random(in: 0...300, using: &chance)).map { _ in UInt8.random(in: 0...255, using: &chance)
        }
        let stream = UInt8.random(in: 0...3, using: &chance)
        bytes += Self.frame(stream, payload)
        switch stream {
        case 2: expected.stderr += payload
        case 3: expected.complaint += payload
        default: expected.stdout += payload
        }
      }
      var decoder = FrameDecoder(.framed)
      var chunks: [[UInt8]] = []
      while !bytes.isEmpty {
        let count = Int.random(in: 1...min(bytes.count, 100), using: &chance)
        chunks.append(Array(bytes.prefix(count)))
        bytes.removeFirst(count)
      }
      let output = try Self.decode(&decoder, chunks, taking: Int.random(in: 1...50, using: &chance))
      #expect(output == expected, "seed \(chance.seed)")
    }
  }

  @Test func `the largest length is only counted down`() throws {
    var decoder = FrameDecoder(.framed)
    let chunk = [UInt8](repeating: 5, count: 1000)
    #expect(try Self.decode(&decoder, [[2, 0, 0, 0, 255, 255, 255, 255], chunk, chunk]).stderr.count == 2000)
    #expect(!decoder.isBetweenFrames)
  }

  @Test(arguments: 1...8) func `an end within a header or payload is seen`(count: Int) throws {
    var decoder = FrameDecoder(.framed)
    _ = try Self.decode(&decoder, [Array(Self.sample.prefix(count))])
    #expect(!decoder.isBetweenFrames)
  }

  @Test(arguments: UInt8(4)...255) func `an unknown stream is an error`(number: UInt8) {
    var decoder = FrameDecoder(.framed)
    #expect(throws: FrameError.unknownStream(number)) {
      try Self.decode(&decoder, [[number, 0, 0, 0, 0, 0, 0, 1, 9]])
    }
  }

  @Test func `text in the place of a header is no frame`() {
    var decoder = FrameDecoder(.framed)
    #expect(throws: FrameError.badHeader) { try Self.decode(&decoder, [Array("hello world".utf8)]) }
  }

  @Test func `a terminal's bytes are standard output as they are`() throws {
    var decoder = FrameDecoder(.raw)
    #expect(try Self.decode(&decoder, [Self.sample, [1]], taking: 3).stdout == Self.sample + [1])
    #expect(decoder.isBetweenFrames)
  }

  @Test func `any bytes at all are decoded or refused`() {
    var chance = SeededGenerator()
    for _ in 0..<2000 {
      var decoder = FrameDecoder(.framed)
      let bytes = (0..<Int.random(in: 0...64, using: &chance)).map { _ in UInt8.random(in: 0...3, using: &chance) }
      let output = try? Self.decode(&decoder, [bytes])
      #expect((output?.stdout.count ?? 0) <= bytes.count, "seed \(chance.seed)")
    }
  }
}
