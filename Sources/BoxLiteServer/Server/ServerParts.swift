/// What every connection of a server needs.
struct ServerParts: Sendable {
  let service: any Answering
  let admission: Admission
  let threads: ServerThreads
  let configuration: ServerConfiguration
  /// What bodies, answers that wait and the input of attached clients may be, each of all connections together.
  let bodies: Room
  let answers: Room
  let input: Room

  /// What encrypts; nil for clear text.
  let certificate: ServerCertificate?

  init(
    service: any Answering, admission: Admission, threads: ServerThreads, configuration: ServerConfiguration
  ) throws(ServerError) {
    certificate = try configuration.tls.map { files throws(ServerError) in try ServerCertificate(files) }
    (self.service, self.admission, self.threads) = (service, admission, threads)
    self.configuration = configuration
    let limits = configuration.limits
    (bodies, answers, input) = (Room(limits.bodies), Room(limits.answers), Room(limits.input))
  }
}
