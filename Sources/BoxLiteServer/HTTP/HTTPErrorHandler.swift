import BoxLiteWire
import JSON
import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Answers what is no HTTP with one error and hangs up.
final class HTTPErrorHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private var isClosing = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if !isClosing { context.fireChannelRead(data) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A refused upgrade goes on as a plain request, whose answer says why.
    if error is NIOWebSocketUpgradeError { return }
    if isClosing { return }
    guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
    isClosing = true
    let isTooLarge = error == .headerOverflow
    let reply =
      isTooLarge
      ? ErrorReply(.tooLarge, "the headers are too large") : ErrorReply(.invalidArgument, "this is no HTTP request")
    // What the client called it cannot be read.
    let requestID = RequestID.new()
    let text = reply.json(requestID: requestID).text
    let headers = HTTPHeaders([
      ("x-request-id", requestID), ("content-type", "application/json"), ("content-length", String(text.utf8.count)),
      ("connection", "close"),
    ])
    let status: HTTPResponseStatus = isTooLarge ? .requestHeaderFieldsTooLarge : .badRequest
    context.write(
      wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(context.channel.allocator.buffer(string: text)))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    context.hangUp()
  }
}
