import CExecShims
import Console
import Glibc
import Linux
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
    var orders = try makePipe()
    var replies = try makePipe()
    try spawn(input: orders.reading.raw, output: replies.writing.raw)
    orders.reading.close()
    replies.writing.close()
    _ = try? FileDescriptor(rawValue: orders.writing.raw).writeAll(order.encoded())
    orders.writing.close()
    defer { replies.reading.close() }
    do {
      return try reply(DescriptorBytes.readAll(FileDescriptor(rawValue: replies.reading.raw)))
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

  private static func makePipe() throws -> Pipe {
    do throws(Errno) {
      return try Pipe()
    } catch {
      throw Failure("cannot create a pipe: \(error)")
    }
  }

  /// Starts it in its own session, so that no terminal's hang-up or Ctrl-C reaches it; it shares
  /// our standard error until it replies.
  private static func spawn(input: Int32, output: Int32) throws {
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
        (request.input, request.output, request.error) = (input, output, STDERR_FILENO)
        return cexec_spawn(&request, &pid)
      }
    }
    guard error == 0 else {
      throw Failure("cannot start a background process (/proc/self/exe): \(String(cString: strerror(error)))")
    }
  }
}
