import CExecShims
import ExecEngine
import ExecModel
import Glibc

/// Gives a started command's descriptors to the sources that serve them.
struct ProcessWiring {
  let loop: PumpLoop
  let sink: any ExecutionSink
  /// The terminal's slave, nil with pipes.
  let slave: String?
  let route: SignalRoute

  /// Takes over the descriptors; nothing is read yet.
  func connect(
    _ ends: consuming StandardStreams.Parent, leader: ProcessLeader, lease: CgroupLease?
  ) -> PipeProcess.Parts {
    let isTerminal = slave != nil
    var streams = [source(.stdout, ends.output.take())]
    if let error = ends.error.take() { streams.append(source(.stderr, error.take())) }
    var input: InputSource?
    if let writer = ends.input.take() {
      input = InputSource(descriptor: writer.take(), isTerminal: isTerminal, loop: loop)
    }
    var master: TerminalMaster?
    if let resizer = ends.terminal.take() { master = TerminalMaster(descriptor: resizer.take()) }
    return PipeProcess.Parts(
      leader: leader, streams: streams, input: input, terminal: master, route: route, lease: lease)
  }

  private func source(_ stream: ExecStream, _ descriptor: Int32) -> StreamSource {
    StreamSource(
      stream, descriptor: descriptor, linkName: slave ?? Self.pipeName(descriptor), isTerminal: slave != nil,
      loop: loop, sink: sink)
  }

  /// What `/proc/PID/fd` calls both ends of the pipe.
  private static func pipeName(_ descriptor: Int32) -> String {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? "pipe:[\(status.st_ino)]" : ""
  }
}
