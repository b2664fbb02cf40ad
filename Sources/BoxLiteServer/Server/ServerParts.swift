import NIOPosix

/// What every connection of a server needs.
struct ServerParts: Sendable {
  let service: any Answering
  let key: AccessKey?
  let pool: NIOThreadPool
  let door: LoopDoor
  let configuration: ServerConfiguration
}
