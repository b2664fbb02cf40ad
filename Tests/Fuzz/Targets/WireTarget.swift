import ExecModel
import JSON

@testable import BoxLiteClient
@testable import BoxLiteWire
@testable import ContainerBoxes

extension FuzzTarget {
  /// What BoxLite clients, BoxLite servers and container engines send: bodies, queries, attach messages and frames.
  ///
  /// The first byte chooses the reader.
  static let wire = FuzzTarget(name: "wire") { bytes in
    guard let first = bytes.first else { return }
    let rest = Array(bytes.dropFirst())
    let reading = readings[Int(first) % readings.count]
    try? reading(rest)
  }

  private static let readings: [@Sendable ([UInt8]) throws -> Void] = [
    { bytes in
      let value = try JSONValue(parsing: bytes)
      guard try JSONValue(parsing: Array(value.text.utf8)) == value else {
        preconditionFailure("a value is not read back the same")
      }
    },
    { _ = try ExecBody(body: $0) }, { _ = try CreateBoxBody(body: $0) }, { _ = try SignalBody(body: $0) },
    { _ = try ResizeBody(body: $0) }, { _ = try ClientControl(text: $0) }, { _ = try ServerMessage(text: $0) },
    { _ = try AttachQuery(Substring(String(decoding: $0, as: UTF8.self))) },
    { _ = try BoxReply(JSONObject(body: $0)) }, { _ = try ExecutionReply(JSONObject(body: $0)) },
    { _ = try ConfigReply(JSONObject(body: $0)) }, { _ = try MeReply(JSONObject(body: $0)) },
    { seam($0) }, { try frames($0, .framed) }, { try frames($0, .raw) },
  ]

  /// Joins a stream across connections that were cut anywhere, as a client does.
  private static func seam(_ bytes: [UInt8]) {
    var join = StreamJoin()
    var rest = bytes[...]
    while let choice = rest.popFirst() {
      switch choice % 8 {
      case 0: join.begin(.exact)
      case 1: join.begin(.backlog(late: .uncertain))
      case 2: join.begin(.whole)
      case 3: _ = join.settle()
      case 4: _ = join.end()
      case 5: join.jump(to: choice < 128 ? UInt64(choice) : .max - UInt64(choice))
      default:
        _ = join.take(Array(rest.prefix(Int(choice / 8))), remembers: choice < 200)
        rest = rest.dropFirst(Int(choice / 8))
      }
    }
  }

  /// Takes frames apart in chunks, whose length the first byte says.
  private static func frames(_ bytes: [UInt8], _ layout: FrameDecoder.Layout) throws {
    guard let length = bytes.first else { return }
    var decoder = FrameDecoder(layout)
    var rest = bytes.dropFirst()
    while !rest.isEmpty {
      let chunk = Array(rest.prefix(Int(length) + 1))
      rest = rest.dropFirst(chunk.count)
      var offset = 0
      while let piece = try decoder.piece(in: chunk.span.bytes, at: &offset) {
        switch piece {
        case .output(_, let range), .complaint(let range):
          decoder.take(range.count)
          offset = range.upperBound
        }
      }
    }
  }
}
