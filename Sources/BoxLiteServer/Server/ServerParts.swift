import NIOPosix

/// What every connection of a server needs.
struct ServerParts: Sendable {
  let service: Service
  let key: AccessKey?
  let pool: NIOThreadPool
  let configuration: ServerConfiguration
}
