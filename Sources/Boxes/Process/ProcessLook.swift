import CExecShims
import ExecModel

/// Looks at a command and its descendants by `/proc` (proc(5)).
struct ProcessLook {
  /// The names of the pipes that are open here.
  let links: [HolderScan.Link]
  let leader: Int32

  /// How many descendants are looked at; a build's tree must not cost the lab its pace.
  private static let most = 64

  /// A writer that blocks is told before what the command itself does.
  func run() -> ProcessSight {
    let sight = ProcessSight(of: leader)
    switch sight {
    case .running, .waiting, .ended: return blockedWriter() ?? sight
    case .stopped, .gone, .blockedInWrite: return sight
    }
  }

  private func blockedWriter() -> ProcessSight? {
    var waiting = [leader]
    var looked = 0
    while let next = waiting.popLast(), looked < Self.most {
      looked += 1
      let process = ProcessDirectory(processIdentifier: next)
      if let stream = blockedStream(process) { return .blockedInWrite(stream, processIdentifier: next) }
      waiting += process.children()
    }
    return nil
  }

  /// The stream that a sleeping process is just writing to.
  private func blockedStream(_ process: ProcessDirectory) -> ExecStream? {
    guard let call = process.systemCall(), cexec_is_write_call(call.number) != 0 else { return nil }
    guard let target = process.target(ofDescriptor: call.argument) else { return nil }
    return links.first { $0.name == target }?.stream
  }
}
