import BoxLiteClient
import ContainerBoxes
import ExecEngine
import ExecModel
import Synchronization

/// What `boxwatch attach` is to show, found.
enum AttachRequest: Sendable {
  /// An execution of this machine, by its journal.
  case local(ListedExecution)
  /// An execution on a BoxLite server, a container's main process, or somebody else's command in a container.
  case remote(any AttachableBox)
  /// All commands of others in a container, as they start.
  case execs(ExecWatch)
}

/// Hears of an execution's end and takes none of its output.
final class AttachedEnd: ExecutionSink {
  private let status = Mutex<ExitStatus?>(nil)
  private let wake: WakeDescriptor?

  init() { wake = try? WakeDescriptor() }

  /// Sleeps until it is over.
  ///
  /// - Throws: ``BoxError`` where nothing can be slept in.
  func wait() throws(BoxError) -> ExitStatus {
    guard let wake else { throw BoxError(.box, "there is no descriptor left to wait with") }
    while true {
      if let status = status.withLock({ $0 }) { return status }
      wake.wait()
    }
  }

  private func end(_ ended: ExitStatus) {
    status.withLock { $0 = $0 ?? ended }
    wake?.wake()
  }

  func started(processIdentifier: Int32?) {}
  func output(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int { bytes.byteCount }
  func gap(_ stream: ExecStream, _ gap: OutputGap) {}
  func endOfStream(_ stream: ExecStream) {}
  func emptied(_ stream: ExecStream) {}
  func failed(_ stream: ExecStream, errno: Int32) {}
  func exited(_ status: ExitStatus) { end(status) }
  func connectionLost() { end(.lost) }
}

/// A command that somebody else started elsewhere, as a box that our engine starts nothing in but the watching of it.
protocol AttachableBox: Box {
  /// Asks what runs there: the execution to start in this box.
  func spec() throws(BoxError) -> ExecutionSpec
  /// The box it runs in, for the list.
  var boxName: String { get }
  /// Where it goes on when we leave.
  var place: String { get }
  /// Where it comes from, beside its box's name.
  var origin: String { get }
}

extension AttachableBox {
  var origin: String { name }
}

extension BoxLiteAttachment: AttachableBox {
  var boxName: String { target.box }
  var place: String { target.description }
}

extension ExecAttachment: AttachableBox {
  var boxName: String { name }
  var origin: String { "exec " + exec.prefix(6) }
}

extension ContainerAttachment: AttachableBox {
  var boxName: String { name }
  var place: String { name }
}
