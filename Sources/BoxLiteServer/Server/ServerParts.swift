/// What every connection of a server needs.
struct ServerParts: Sendable {
  let service: any Answering
  let admission: Admission
  let threads: ServerThreads
  let configuration: ServerConfiguration
  /// What bodies that come in and answers that wait may be, together.
  let bodies: Room
  let answers: Room

  /// What encrypts; nil for clear text.
  let certificate: ServerCertificate?

  init(
    service: any Answering, admission: Admission, threads: ServerThreads, configuration: ServerConfiguration
  ) throws(ServerError) {
    certificate = try configuration.tls.map { files throws(ServerError) in try ServerCertificate(files) }
    (self.service, self.admission, self.threads) = (service, admission, threads)
    self.configuration = configuration
    (bodies, answers) = (Room(configuration.limits.bodies), Room(configuration.limits.answers))
  }
}
