import BoxLiteClient
import BoxLiteWire
import BoxwatchUI
import ExecEngine
import ExecModel
import Instances
import Linux
import Synchronization

/// The executions in the configured BoxLite boxes, from the last answer of each server, so that a
/// slow server does not delay the list.
final class RemoteListing: Sendable {
  private struct State {
    var entries: [PickerEntry] = []
    var isAsking = false
  }

  /// The timeout for a server; the executions of a dead one are missing from the list, nothing
  /// else.
  private static let patience = Duration.seconds(5)

  private let boxes: RemoteBoxes
  private let state = Mutex(State())

  init(_ boxes: RemoteBoxes) { self.boxes = boxes }

  /// The entries of the last answers; sends new requests for the next call.
  func entries() -> [PickerEntry] {
    guard !boxes.places.isEmpty else { return [] }
    let (entries, asks) = state.withLock { state in
      defer { state.isAsking = true }
      return (state.entries, !state.isAsking)
    }
    if asks, DetachedThread.start(name: "boxwatch-ask", { [self] in ask() }) != nil { forget() }
    return entries
  }

  private func forget() { state.withLock { $0.isAsking = false } }

  private func ask() {
    let found = boxes.places.sorted { $0.key < $1.key }.flatMap { Self.executions($0.value, name: $0.key) }
    state.withLock { state in
      state.entries = found
      state.isAsking = false
    }
  }

  private static func executions(_ place: RemoteBoxes.Place, name: String) -> [PickerEntry] {
    do {
      let client = RESTClient(place.target.endpoint, key: try place.key.key(), patience: patience)
      return try client.executions(place.target.box).map { entry($0, place.target, name: name) }
    } catch {
      // A real BoxLite server has no such list; its executions are attached to by address.
      return []
    }
  }

  private static func entry(_ reply: ExecutionReply, _ box: BoxLiteTarget, name: String) -> PickerEntry {
    let target = BoxLiteTarget(endpoint: box.endpoint, box: box.box, execution: reply.id)
    return PickerEntry(
      target: .remote(target.description), state: state(of: reply), age: nil, box: name,
      place: "boxlite \(box.endpoint)", title: reply.command.isEmpty ? reply.id : reply.command)
  }

  /// Maps a server's reply to a row state: negative exit codes are signals.
  private static func state(of reply: ExecutionReply) -> Standing {
    let code = reply.exitCode ?? 0
    let exit = code < 0 ? ExitStatus.signalled(0 &- code, coreDumped: false) : .exited(code)
    switch reply.status {
    case .running: return .running
    case .timedOut: return .done(Conclusion(outcome: Outcome(status: .timedOut)))
    case .completed, .killed: return .done(Conclusion(outcome: Outcome(status: exit)))
    }
  }
}
