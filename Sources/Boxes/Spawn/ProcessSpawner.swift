import CExecShims
import ExecEngine
import ExecModel
import Glibc
import SystemPackage

/// Starts commands for every box: posix_spawn, a pidfd, and the streams given to a pump loop.
struct ProcessSpawner: Sendable {
  /// The threads that read the streams.
  let pumps: PumpGroup

  /// Starts a command; the sink hears `started` before anything else.
  ///
  /// - Throws: ``BoxError`` when the command never ran.
  func start(_ request: SpawnRequest, reportingTo sink: any ExecutionSink) throws(BoxError) -> PipeProcess {
    ChildStatus.keep()
    let loop = try nextLoop()
    var streams = try StandardStreams(input: request.input, terminal: request.terminal)
    let identifier = try Self.spawn(request, streams.child)
    let descriptor = try Self.watchedDescriptor(of: identifier)
    ProcessLimits.restore(in: identifier)
    let terminal = streams.child.terminal
    // While this process holds a writing end, the end of the stream cannot come.
    streams.child = StandardStreams.Child()
    let leader = ProcessLeader(processIdentifier: identifier, descriptor: descriptor, loop: loop, sink: sink)
    let wiring = ProcessWiring(loop: loop, sink: sink, slave: terminal, route: request.route)
    let parts = wiring.connect(streams.parent, leader: leader)
    sink.started(processIdentifier: identifier)
    return Self.run(parts, sink)
  }

  private func nextLoop() throws(BoxError) -> PumpLoop {
    do {
      return try pumps.nextLoop()
    } catch {
      throw BoxError(.system(error.rawValue), "cannot start a thread that reads the command's output: \(error)")
    }
  }

  private static func spawn(
    _ request: SpawnRequest, _ streams: borrowing StandardStreams.Child
  ) throws(BoxError) -> Int32 {
    var identifier: Int32 = 0
    let input = number(of: streams.input)
    let output = number(of: streams.output)
    let error = number(of: streams.error)
    let terminal = streams.terminal
    let failure = CStringList(request.arguments).withPointers { arguments in
      request.environment.strings.withPointers { environment in
        withCString(request.directory) { directory in
          withCString(terminal) { terminal in
            request.path.withCString { path in
              var raw = cexec_spawn_request(
                path: path, arguments: arguments, environment: environment, directory: directory, terminal: terminal,
                input: input, output: output, error: error)
              return cexec_spawn(&raw, &identifier)
            }
          }
        }
      }
    }
    guard failure == 0 else { throw StartDiagnosis(request).error(failure) }
    return identifier
  }

  private static func number(of descriptor: borrowing OwnedDescriptor?) -> Int32 {
    switch descriptor {
    case .some(let owned): owned.raw
    case nil: -1
    }
  }

  private static func withCString<Result>(_ string: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
    guard let string else { return body(nil) }
    return string.withCString(body)
  }

  /// The child's pidfd; nothing else in this process waits for children, so its number is still the child's.
  private static func watchedDescriptor(of identifier: Int32) throws(BoxError) -> Int32 {
    let descriptor = cexec_pidfd_open(identifier)
    guard descriptor < 0 else { return descriptor }
    kill(-identifier, SIGKILL)
    waitpid(identifier, nil, 0)
    let error = Errno(rawValue: -descriptor)
    throw BoxError(.system(error.rawValue), "cannot watch the command, so it was ended at once: \(error)")
  }

  private static func run(_ parts: PipeProcess.Parts, _ sink: any ExecutionSink) -> PipeProcess {
    let process = PipeProcess(parts)
    do {
      parts.input?.start()
      for stream in parts.streams { try stream.start() }
      try parts.leader.start()
    } catch {
      // epoll refused a descriptor (out of memory): what runs unseen is ended, and nobody is told it went well.
      process.release()
      sink.connectionLost()
    }
    return process
  }
}
