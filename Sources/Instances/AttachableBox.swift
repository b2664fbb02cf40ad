import BoxLiteClient
import Console
package import ContainerBoxes
package import ExecEngine
package import ExecModel
import Linux
import Synchronization

/// A resolved request of `boxwatch attach`.
package enum AttachRequest: Sendable {
  /// An execution of this machine, by its journal.
  case local(ListedExecution)
  /// An execution on a BoxLite server, a container's main process, or an exec of another client in
  /// a container.
  case remote(any AttachableBox)
  /// All execs of other clients in a container, as they start.
  case execs(ExecWatch)
}

/// A sink that waits for an execution's end and discards its output.
final class AttachedEnd: ExecutionSink {
  private let status = Mutex<ExitStatus?>(nil)
  private let wake: WakeDescriptor?

  init() { wake = try? WakeDescriptor() }

  /// Blocks until it is over.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when waiting is not possible.
  func wait() throws(BoxError) -> ExitStatus {
    guard let wake else { throw BoxError(.box, "no descriptor is left to wait with") }
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

/// A command started elsewhere by another client, as a box in which the engine only starts watching
/// it.
package protocol AttachableBox: Box {
  /// Requests the command: the spec of the execution to start in this box.
  func spec() throws(BoxError) -> ExecutionSpec
  /// The name of the box it runs in, for the list.
  var boxName: String { get }
  /// Where it goes on after a detach.
  var place: String { get }
  /// Its origin, shown beside its box's name.
  var origin: String { get }
}

extension AttachableBox {
  package var origin: String { name }
}

extension BoxLiteAttachment: AttachableBox {
  package var boxName: String { target.box }
  package var place: String { target.description }
}

extension ExecAttachment: AttachableBox {
  package var boxName: String { name }
  package var origin: String { "exec " + exec.prefix(6) }
}

extension ContainerAttachment: AttachableBox {
  package var boxName: String { name }
  package var place: String { name }
}
