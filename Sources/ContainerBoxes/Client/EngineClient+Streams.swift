import NIOCore

extension EngineClient {
  /// Opens a connection of its own whose answer becomes a stream; on the client's loop.
  ///
  /// - Parameter send: sends the request on the connection, which is the caller's from then on.
  /// - Returns: when the stream begins, or why it will not.
  func open(
    _ stream: FrameStream, _ send: @escaping (any Channel) -> Void
  ) -> EventLoopFuture<Void>.Isolated {
    let opened = loop.makePromise(of: Void.self)
    let bound = NIOLoopBound(stream, eventLoop: loop)
    let address = address
    connector.connect(reads: false) { channel in
      try EngineConnector.addStream(bound.value, to: channel, address, opened: opened)
    }.assumeIsolated().whenComplete { result in
      switch result {
      case .success(let channel): send(channel)
      case .failure(let error): opened.fail(EngineAPIError(error, at: address))
      }
    }
    return opened.futureResult.assumeIsolated()
  }
}
