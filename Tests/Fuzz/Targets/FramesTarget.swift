import BoxLiteWire
import ExecModel
import JSON
import NIOCore
import NIOEmbedded
import NIOWebSocket

@testable import BoxLiteServer
@testable import ContainerBoxes

extension FuzzTarget {
  /// Frames as they come from a network, cut anywhere: what is read must not depend on the cuts.
  ///
  /// The first byte chooses the protocol, the second the length of a part.
  static let frames = FuzzTarget(name: "frames") { bytes in
    guard bytes.count > 2 else { return }
    let (length, rest) = (1 + Int(bytes[1]), Array(bytes.dropFirst(2)))
    switch bytes[0] % 3 {
    case 0: precondition(messages(rest, length) == messages(rest, rest.count), "an attach depends on the cuts")
    case 1: precondition(engineFrames(rest, length) == engineFrames(rest, rest.count), "a log depends on the cuts")
    default: outputCuts(rest, length)
    }
  }

  /// What a server's attach makes of a client's bytes: the messages, and whether the protocol was broken behind them.
  private static func messages(_ bytes: [UInt8], _ length: Int) -> [String] {
    let channel = EmbeddedChannel()
    let messages = Messages()
    do {
      let pipeline = channel.pipeline.syncOperations
      try pipeline.addHandler(ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: 4096)))
      try pipeline.addHandler(FrameCheck())
      try pipeline.addHandler(
        NIOWebSocketFrameAggregator(
          minNonFinalFragmentSize: 1, maxAccumulatedFrameCount: 16, maxAccumulatedFrameSize: 4096))
      try pipeline.addHandler(messages)
      for start in stride(from: 0, to: bytes.count, by: length) {
        try channel.writeInbound(ByteBuffer(bytes: bytes[start..<min(start + length, bytes.count)]))
      }
    } catch {
      preconditionFailure("not handled: \(error)")
    }
    // What is left in the decoder at the end is no message.
    _ = try? channel.finish(acceptAlreadyClosed: true)
    return messages.found
  }

  /// Notes messages up to the first that the protocol forbids, behind which an attach reads nothing.
  private final class Messages: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame

    private(set) var found: [String] = []
    private var isBroken = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      if !isBroken { found.append(text(unwrapInboundIn(data))) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { isBroken = true }

    private func text(_ frame: WebSocketFrame) -> String {
      let bytes = Array(frame.unmaskedData.readableBytesView)
      guard frame.opcode == .text else { return "\(frame.opcode) \(bytes)" }
      do {
        return try ClientControl(text: bytes).text
      } catch {
        return error.description
      }
    }
  }

  /// The bytes of each stream that an engine's frames bring, and whether they are broken behind them.
  private static func engineFrames(_ bytes: [UInt8], _ length: Int) -> [[UInt8]] {
    var decoder = FrameDecoder(.framed)
    var streams: [[UInt8]] = [[], [], [], []]
    do {
      for start in stride(from: 0, to: bytes.count, by: length) {
        let chunk = Array(bytes[start..<min(start + length, bytes.count)])
        var offset = 0
        while let piece = try decoder.piece(in: chunk.span.bytes, at: &offset) {
          let (target, range) = place(piece)
          streams[target] += chunk[range]
          decoder.take(range.count)
          offset = range.upperBound
        }
      }
    } catch {
      streams[3] = [1]
    }
    return streams
  }

  private static func place(_ piece: FramePiece) -> (Int, Range<Int>) {
    switch piece {
    case .output(let stream, let range): (stream == .stdout ? 0 : 1, range)
    case .complaint(let range): (2, range)
    }
  }

  /// Output cut into frames: nothing is kept back for ever, and text that is whole is never cut within a character.
  private static func outputCuts(_ bytes: [UInt8], _ length: Int) {
    let isText = String(validating: bytes, as: UTF8.self) != nil
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = rest.prefix(length)
      let count = part.withUnsafeBytes { FrameCut.length($0) }
      precondition(count <= part.count && part.count - count <= 3, "more is kept back than a character needs")
      let isWhole = String(validating: part.prefix(count), as: UTF8.self) != nil
      precondition(isWhole || !isText, "a character is cut in two")
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
