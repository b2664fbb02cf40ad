import ArgumentParser
import Console
import ExecEngine
import HostBoxes

/// Options of the bubblewrap sandbox.
struct SandboxFlags: ParsableArguments {
  @Option(
    name: .customLong("bind"),
    help: ArgumentHelp("Show a file or folder of this host in the sandbox, writable.", valueName: "host[:box]"),
    transform: { try SandboxBind(text: $0, isReadOnly: false) })
  var binds: [SandboxBind] = []

  @Option(
    name: .customLong("ro-bind"),
    help: ArgumentHelp("Show a file or folder of this host in the sandbox, read-only.", valueName: "host[:box]"),
    transform: { try SandboxBind(text: $0, isReadOnly: true) })
  var readOnlyBinds: [SandboxBind] = []

  @Flag(name: .customLong("net"), help: "Let the sandbox use the network.")
  var network = false

  @Option(
    help: ArgumentHelp("The most memory for the whole sandbox: 512M, 2G.", valueName: "size"),
    transform: { try BoxLimits.memory(text: $0) })
  var memory: UInt64?

  @Option(
    help: ArgumentHelp("The most processors for the whole sandbox: 2, 0.5.", valueName: "number"),
    transform: { try BoxLimits.milliProcessors(text: $0) })
  var cpus: UInt32?

  @Option(
    help: ArgumentHelp("The most processes in the sandbox.", valueName: "number"),
    transform: { try BoxLimits.processes(text: $0) })
  var pids: UInt32?

  /// The sandbox options; an outer folder comes before a folder inside it.
  var options: SandboxOptions {
    let sorted = (binds + readOnlyBinds).enumerated().sorted {
      ($0.element.target.utf8.count, $0.offset) < ($1.element.target.utf8.count, $1.offset)
    }
    return SandboxOptions(
      binds: sorted.map(\.element), hasNetwork: network,
      limits: BoxLimits(memory: memory, milliProcessors: cpus, processes: pids))
  }

  /// The sandbox options, after checking the named paths on this host.
  ///
  /// - Throws: ``/Console/Failure`` for a bind that is not possible.
  func checked() throws -> SandboxOptions {
    let options = options
    do {
      try options.check()
    } catch {
      throw Failure(error.description)
    }
    return options
  }
}
