import BoxLiteClient
import BoxLiteServer

extension Session {
  /// Listens for clients, whose commands run in a box of ours, or on the server behind us.
  ///
  /// - Throws: ``Failure`` when there is no such box, or the address cannot be had.
  func serve(
    _ box: String?, behind upstream: (endpoint: Endpoint, key: String?)?, at address: ListenAddress,
    _ options: ServerConfiguration
  ) throws -> RESTServer {
    do {
      if let upstream {
        return try RESTServer(
          engine, upstream: upstream.endpoint, key: upstream.key, at: address, configuration: options)
      }
      let box = try boxes.box(named: box ?? configuration.box)
      return try RESTServer(engine, box: box, at: address, configuration: options)
    } catch let error as ServerError {
      throw Failure(error.description)
    }
  }
}
