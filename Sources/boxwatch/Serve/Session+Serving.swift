import BoxLiteServer

extension Session {
  /// Listens for clients, whose commands run in a box of ours.
  ///
  /// - Throws: ``Failure`` when there is no such box, or the address cannot be had.
  func serve(_ box: String?, at address: ListenAddress, _ options: ServerConfiguration) throws -> RESTServer {
    let box = try boxes.box(named: box ?? configuration.box)
    do {
      return try RESTServer(engine, box: box, at: address, configuration: options)
    } catch {
      throw Failure(error.description)
    }
  }
}
