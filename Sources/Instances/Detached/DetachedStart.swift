import CExecShims
import Console
import Glibc
import SystemPackage

/// Starts a background boxwatch with commands, and waits until they are running.
package enum DetachedStart {
  /// The name of the hidden subcommand.
  package static let commandName = "background"

  /// Returns the background process's reply.
  ///
  /// - Throws: ``/Console/Failure`` when it could not be started, or ended before it replied.
  package static func run(_ order: DetachedOrder) throws -> DetachedReply {
    // An early exit is detected by the missing reply.
    signal(SIGPIPE, SIG_IGN)
    let (orders, replies) = (try makePipe(), try makePipe())
    defer { try? replies.reading.close() }
    do {
      defer {
        try? orders.reading.close()
        try? replies.writing.close()
      }
      try spawn(input: orders.reading, output: replies.writing)
    } catch {
      try? orders.writing.close()
      throw error
    }
    _ = try? orders.writing.closeAfter { try orders.writing.writeAll(order.encoded()) }
    do {
      return try reply(DescriptorBytes.readAll(replies.reading))
    } catch let error as Errno {
      throw Failure("cannot read the background process's reply (\(error)): boxwatch ls lists what it has started")
    }
  }

  private static func reply(_ bytes: [UInt8]) throws -> DetachedReply {
    guard let reply = try? DetachedReply(decoding: bytes) else {
      throw Failure("the background process ended before it started a command")
    }
    if let failure = reply.failure { throw Failure(failure) }
    return reply
  }

  private static func makePipe() throws -> (reading: FileDescriptor, writing: FileDescriptor) {
    var (reading, writing): (Int32, Int32) = (-1, -1)
    let error = cexec_pipe(&reading, &writing)
    guard error == 0 else { throw Failure("cannot create a pipe: \(String(cString: strerror(error)))") }
    return (FileDescriptor(rawValue: reading), FileDescriptor(rawValue: writing))
  }

  /// Starts it in its own session, so that no terminal's hang-up or Ctrl-C reaches it; it shares
  /// our standard error until it replies.
  private static func spawn(input: FileDescriptor, output: FileDescriptor) throws {
    let words = ["boxwatch", commandName]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { (word: String) in strdup(word) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    var pid: Int32 = 0
    let error = "/proc/self/exe".withCString { path in
      arguments.withUnsafeMutableBufferPointer { arguments in
        var request = cexec_spawn_request()
        request.path = path
        request.arguments = UnsafePointer(arguments.baseAddress)
        request.environment = UnsafePointer(environ)
        (request.input, request.output, request.error) = (input.rawValue, output.rawValue, STDERR_FILENO)
        return cexec_spawn(&request, &pid)
      }
    }
    guard error == 0 else {
      throw Failure("cannot start a background process (/proc/self/exe): \(String(cString: strerror(error)))")
    }
  }
}
