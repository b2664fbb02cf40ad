/// What every connection of a server needs.
struct ServerParts: Sendable {
  let service: any Answering
  let admission: Admission
  let threads: ServerThreads
  let configuration: ServerConfiguration
}
