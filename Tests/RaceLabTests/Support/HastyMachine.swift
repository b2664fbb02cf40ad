import ExecModel
import RaceLab

/// The machine with an owner that does not obey it: it announces the end at the exit, whatever the machine says.
///
/// The explorer must see this fault, else it would see none in the machine either.
struct HastyMachine: Dispatcher {
  private var machine = ExecutionMachine(streams: .both, policy: .untilEndOfStream)

  init() { _ = try? machine.apply(.spawned) }

  mutating func take(_ happening: Happening, into output: inout some DispatcherOutput) {
    switch happening {
    case .output(let stream, let chunk):
      if (try? machine.apply(.output(stream))) == .append { output.announce(.output(stream, chunk: chunk)) }
    case .endOfStream(let stream): _ = try? machine.apply(.endOfStream(stream))
    case .exited(let status):
      _ = try? machine.apply(.exited(status))
      output.announce(.exit(status, truncated: []))
    case .emptied, .waits, .deadline, .forceClosed: break
    }
  }
}
