import ArgumentParser
import Glibc
import SystemPackage

/// What `boxwatch run --detach` starts: not for people.
struct BackgroundCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: DetachedStart.commandName, abstract: "Run what standard input says, for boxwatch run --detach.",
    shouldDisplay: false)

  func run() throws {
    // Before anything is told: whoever started us may be gone.
    signal(SIGPIPE, SIG_IGN)
    do {
      let order = try DetachedOrder(decoding: try DescriptorBytes.readAll(.standardInput))
      var common = try CommonOptions.parse([])
      common.config = order.config
      let host = try DetachedHost(try Session(common, try ScreenOptions.parse([]), key: order.key))
      try host.run(order.executionRequests) { reply in
        try Self.tell(reply)
        try Self.letGoOfStandardStreams()
      }
    } catch {
      // Whoever started us reads it from the reply; after that nobody is there.
      let failure = error is Errno ? "cannot start in the background: \(error)" : "\(error)"
      try? Self.tell(DetachedReply(failure: failure))
      throw ExitCode(125)
    }
  }

  private static func tell(_ reply: DetachedReply) throws {
    try FileDescriptor.standardOutput.writeAll(try reply.encoded())
  }

  /// Nobody waits for the end of a stream that we hold.
  private static func letGoOfStandardStreams() throws {
    let null = try FileDescriptor.open("/dev/null", .readWrite, options: .closeOnExec)
    for stream in [FileDescriptor.standardInput, .standardOutput, .standardError] { _ = try null.duplicate(as: stream) }
    try null.close()
  }
}
