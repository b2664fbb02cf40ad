import NIOCore

extension ChannelHandlerContext {
  /// Hangs up after what was written, when the client still sends.
  ///
  /// Closing with something unread would be a reset, which may wipe the answer: what comes is read and dropped meanwhile.
  func hangUp() {
    close(mode: .output, promise: nil)
    let bound = NIOLoopBound(self, eventLoop: eventLoop)
    eventLoop.scheduleTask(in: .seconds(2)) { bound.value.close(promise: nil) }
  }
}
