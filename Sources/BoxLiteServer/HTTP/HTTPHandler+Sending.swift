import BoxLiteWire
import JSON
import NIOCore
import NIOHTTP1

// Answers.
extension HTTPHandler {
  /// An answer of so many bytes needs no room among those that wait.
  private static let small = 4096

  func send(_ response: Response, _ head: HTTPRequestHead, _ requestID: String, _ context: ChannelHandlerContext) {
    let text = response.body?.text
    let size = (text?.utf8.count ?? 0) <= Self.small || head.method == .HEAD ? 0 : text?.utf8.count ?? 0
    guard answers.take(size) else {
      return send(.failed(Self.crowded, requestID: requestID), head, requestID, context)
    }
    let keepsAlive = head.isKeepAlive && visitor.standing == nil && !isHangingUp && response.status != 413
    let written = context.eventLoop.makePromise(of: Void.self)
    written.futureResult.whenComplete { [answers] _ in answers.giveBack(size) }
    write(response.status, text, isBodyless: head.method == .HEAD, requestID, keepsAlive, context, written)
    if isHangingUp { return context.hangUp() }
    guard keepsAlive else {
      let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
      return written.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
    }
    waitForRequest(context)
  }

  private func write(
    _ status: Int, _ text: String?, isBodyless: Bool, _ requestID: String, _ keepsAlive: Bool,
    _ context: ChannelHandlerContext, _ written: EventLoopPromise<Void>
  ) {
    var headers = HTTPHeaders([("x-request-id", requestID), ("connection", keepsAlive ? "keep-alive" : "close")])
    if let text {
      headers.add(name: "content-type", value: "application/json")
      headers.add(name: "content-length", value: String(text.utf8.count))
    }
    let head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if let text, !isBodyless {
      context.write(wrapOutboundOut(.body(.byteBuffer(context.channel.allocator.buffer(string: text)))), promise: nil)
    }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
  }
}
