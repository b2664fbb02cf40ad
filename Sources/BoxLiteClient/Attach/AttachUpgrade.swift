import NIOCore
import NIOHTTP1
import NIOWebSocket

/// NIO's upgrade to WebSocket, which also tells that it was granted: what comes with the answer is not lost then.
struct AttachUpgrade: NIOHTTPClientProtocolUpgrader, Sendable {
  private let socket: AttachSocket
  private let upgrader: NIOWebSocketClientUpgrader

  init(_ socket: AttachSocket, _ upgrader: NIOWebSocketClientUpgrader) {
    (self.socket, self.upgrader) = (socket, upgrader)
  }

  var supportedProtocol: String { upgrader.supportedProtocol }

  var requiredUpgradeHeaders: [String] { upgrader.requiredUpgradeHeaders }

  func addCustom(upgradeRequestHeaders: inout HTTPHeaders) {
    upgrader.addCustom(upgradeRequestHeaders: &upgradeRequestHeaders)
  }

  func shouldAllowUpgrade(upgradeResponse: HTTPResponseHead) -> Bool {
    let isAllowed = upgrader.shouldAllowUpgrade(upgradeResponse: upgradeResponse)
    if isAllowed { socket.state.isUpgrading = true }
    return isAllowed
  }

  func upgrade(context: ChannelHandlerContext, upgradeResponse: HTTPResponseHead) -> EventLoopFuture<Void> {
    upgrader.upgrade(context: context, upgradeResponse: upgradeResponse)
  }
}
