import CExecShims
import ExecEngine
import ExecModel
import Glibc
import Journal
import Linux
import Synchronization
import SystemPackage

/// Runs a closure on a pump loop's thread and waits for it.
///
/// A child that requested to die with its parent dies with the *thread* that created it (PR_SET_PDEATHSIG, prctl(2)),
/// and the threads of Swift's pool are temporary, so such a child is created on a permanent thread.
final class SpawnJob: PumpSource {
  private let body: @Sendable () -> Void
  private let done: WakeDescriptor

  private init(_ body: @escaping @Sendable () -> Void) throws(Errno) {
    self.body = body
    done = try WakeDescriptor()
  }

  func turn(_ turn: PumpTurn) {
    body()
    done.wake()
  }

  /// Runs `body` on the loop's thread; must not be called from it.
  static func run<Value: Sendable>(on loop: PumpLoop, _ body: @escaping @Sendable () -> Value) throws(Errno) -> Value? {
    let result = ResultBox<Value>()
    let job = try SpawnJob { result.value.withLock { $0 = body() } }
    guard loop.post(job) else { throw .canceled }
    job.done.wait()
    return result.value.withLock { $0 }
  }

  private final class ResultBox<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
  }
}

/// Starts the commands of every box with posix_spawn, watches them by pidfd, and attaches their streams to a pump loop.
struct ProcessSpawner: Sendable {
  private struct Answer: Sendable {
    let failure: Int32
    let identifier: Int32
    var step: Int32 = 0
  }

  /// The threads that read the streams.
  let pumps: PumpGroup

  /// Starts a command; `started` is the first report to the sink.
  ///
  /// - Parameter held: The streams that are held until they are released.
  /// - Throws: ``/ExecEngine/BoxError`` when the command was not started.
  func start(
    _ request: SpawnRequest, holding held: StreamSet = [], reportingTo sink: any ExecutionSink
  ) throws(BoxError) -> PipeProcess {
    ChildStatus.keep()
    try Self.checkDescriptors()
    let loop = try nextLoop()
    var streams = try StandardStreams(input: request.input, terminal: request.terminal)
    let identifier = try spawn(request, streams.child)
    try Self.openGate(identifier, request)
    let handle = try Self.handle(of: identifier)
    ProcessLimits.restore(in: identifier)
    let terminal = streams.child.terminal
    // While this process holds a writing end, end of stream cannot occur.
    streams.child = StandardStreams.Child()
    let leader = ProcessLeader(
      processIdentifier: identifier, handle: handle, loop: loop, sink: sink,
      isSandbox: request.route == .sandboxed)
    let wiring = ProcessWiring(loop: loop, sink: sink, slave: terminal, route: request.route)
    let parts = wiring.connect(streams.parent, leader: leader, lease: request.lease)
    for stream in parts.streams where held.contains(stream.stream) { stream.hold() }
    try Self.prepare(parts)
    sink.started(processIdentifier: identifier)
    let process = PipeProcess(parts)
    parts.start()
    return process
  }

  /// Starts a process without watching it; the caller owns the returned process ID and may reap it.
  ///
  /// Standard error goes where standard output does.
  static func spawn(_ request: SpawnRequest, input: Int32, output: Int32) throws(BoxError) -> Int32 {
    ChildStatus.keep()
    let answer = call(request, ChildDescriptors(input: input, output: output, error: output))
    guard answer.failure == 0 else { throw StartDiagnosis(request).error(answer.failure, at: answer.step) }
    try openGate(answer.identifier, request)
    ProcessLimits.restore(in: answer.identifier)
    return answer.identifier
  }

  /// Opens the gate that a sandbox waits at, once it is certain to end with this process.
  private static func openGate(_ identifier: Int32, _ request: SpawnRequest) throws(BoxError) {
    do throws(BoxError) {
      if request.route == .sandboxed {
        try SandboxGuardian.shared.watch(identifier, folders: request.lease?.group.folders.map(\.path) ?? [])
      }
      guard request.gate?.open() != false else {
        throw BoxError(.box, "the sandbox did not load its system call filter")
      }
    } catch {
      request.gate?.close()
      end(identifier)
      throw error
    }
  }

  private static func end(_ identifier: Int32) {
    kill(-identifier, SIGKILL)
    SandboxGuardian.shared.forget(identifier)
    while waitpid(identifier, nil, 0) < 0, errno == EINTR {}
  }

  /// Refuses a command that would exceed the descriptor limit during its start or with its first byte.
  ///
  /// It needs three pipes and the pidfd, and after the child's ends are closed, the files of the record and of its
  /// readers.
  private static func checkDescriptors() throws(BoxError) {
    guard !DescriptorLimit.allows(14) else { return }
    let hint = Errno.tooManyOpenFiles.limitHint
    throw BoxError(.system(EMFILE), "too few file descriptors are left for a command\(hint)")
  }

  private func nextLoop() throws(BoxError) -> PumpLoop {
    do {
      return try pumps.nextLoop()
    } catch {
      throw BoxError(.system(error.rawValue), "the command's output cannot be read: \(error)\(error.limitHint)")
    }
  }

  private func spawn(_ request: SpawnRequest, _ streams: borrowing StandardStreams.Child) throws(BoxError) -> Int32 {
    let numbers = ChildDescriptors(streams)
    let answer = request.needsLastingParent ? try onLastingThread(request, numbers) : Self.call(request, numbers)
    guard answer.failure == 0 else { throw StartDiagnosis(request).error(answer.failure, at: answer.step) }
    return answer.identifier
  }

  private func onLastingThread(_ request: SpawnRequest, _ numbers: ChildDescriptors) throws(BoxError) -> Answer {
    do {
      let answer = try SpawnJob.run(on: try pumps.spawnLoop()) { Self.call(request, numbers) }
      return answer ?? Answer(failure: ECANCELED, identifier: 0)
    } catch {
      throw BoxError(
        .system(error.rawValue), "cannot start the thread that creates processes: \(error)\(error.limitHint)")
    }
  }

  private static func call(_ request: SpawnRequest, _ numbers: ChildDescriptors) -> Answer {
    var identifier: Int32 = 0
    var step: Int32 = 0
    let failure = CStringList(request.arguments).withPointers { arguments in
      request.environment.strings.withPointers { environment in
        withCString(request.directory) { directory in
          withCString(numbers.terminal) { terminal in
            request.path.withCString { path in
              var raw = cexec_spawn_request(
                path: path, arguments: arguments, environment: environment, directory: directory, terminal: terminal,
                input: numbers.input, output: numbers.output, error: numbers.error,
                extra: request.gate?.descriptor ?? 0)
              guard let entry = request.entry else { return cexec_spawn(&raw, &identifier) }
              return spawn(&raw, in: entry, &identifier, &step)
            }
          }
        }
      }
    }
    return Answer(failure: failure, identifier: identifier, step: step)
  }

  private static func spawn(
    _ request: UnsafePointer<cexec_spawn_request>, in entry: SpawnEntry, _ identifier: inout Int32, _ step: inout Int32
  ) -> Int32 {
    entry.groups.withUnsafeBufferPointer { groups in
      (entry.filter ?? []).withUnsafeBytes { filter in
        var raw = cexec_entry(
          target: entry.target ?? -1, namespaces: entry.namespaces.rawValue, groups: groups.baseAddress,
          group_count: Int32(clamping: groups.count), confined: entry.filter == nil ? 0 : 1,
          filter: filter.isEmpty ? nil : filter.baseAddress, filter_length: Int32(clamping: filter.count / 8))
        return cexec_spawn_in(request, &raw, &identifier, &step)
      }
    }
  }

  private static func withCString<Result>(_ string: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
    guard let string else { return body(nil) }
    return string.withCString(body)
  }

  /// No other code in this process waits for children, so the ID is still the child's.
  private static func handle(of identifier: Int32) throws(BoxError) -> ProcessHandle {
    do throws(Errno) { return try ProcessHandle(of: identifier) } catch {
      end(identifier)
      throw unwatchable(error)
    }
  }

  /// Makes the entries in the pump's epoll set; if that fails (`ENOMEM`, `ENOSPC`), ends the command, which could not
  /// be watched.
  private static func prepare(_ parts: PipeProcess.Parts) throws(BoxError) {
    do throws(Errno) {
      try parts.prepare()
    } catch {
      parts.leader.end()
      parts.release()
      throw unwatchable(error)
    }
  }

  private static func unwatchable(_ error: Errno) -> BoxError {
    BoxError(.system(error.rawValue), "cannot watch the command, so it was killed at once: \(error)\(error.limitHint)")
  }
}

/// Connects a started command's descriptors to the sources that serve them.
struct ProcessWiring {
  let loop: PumpLoop
  let sink: any ExecutionSink
  /// The name of the pty's slave; nil with pipes.
  let slave: String?
  let route: SignalRoute

  /// Takes ownership of the descriptors; nothing is read yet.
  func connect(
    _ ends: consuming StandardStreams.Parent, leader: ProcessLeader, lease: CgroupLease?
  ) -> PipeProcess.Parts {
    let isTerminal = slave != nil
    var streams = [source(.stdout, ends.output.move())]
    if let error = ends.error.take() { streams.append(source(.stderr, error)) }
    var input: InputSource?
    if let writer = ends.input.take() { input = InputSource(descriptor: writer, isTerminal: isTerminal, loop: loop) }
    var master: TerminalMaster?
    if let resizer = ends.terminal.take() { master = TerminalMaster(resizer) }
    return PipeProcess.Parts(
      leader: leader, streams: streams, input: input, terminal: master, route: route, lease: lease)
  }

  private func source(_ stream: ExecStream, _ descriptor: consuming Descriptor) -> StreamSource {
    let name = slave ?? Self.pipeName(descriptor.raw)
    return StreamSource(
      stream, descriptor: descriptor, linkName: name, isTerminal: slave != nil, loop: loop, sink: sink)
  }

  /// The name of both ends of the pipe in `/proc/PID/fd`.
  private static func pipeName(_ descriptor: Int32) -> String {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? "pipe:[\(status.st_ino)]" : ""
  }
}
