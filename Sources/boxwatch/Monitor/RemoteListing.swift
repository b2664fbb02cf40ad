import BoxLiteClient
import BoxLiteWire
import BoxwatchUI
import ExecEngine
import ExecModel
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
    if asks, EngineThread.start(name: "boxwatch-ask", { [self] in ask() }) != nil { forget() }
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
  private static func state(of reply: ExecutionReply) -> RowState {
    let code = reply.exitCode ?? 0
    let exit = code < 0 ? ExitStatus.signalled(0 &- code, coreDumped: false) : .exited(code)
    switch reply.status {
    case .running: return .running
    case .timedOut: return .done(Conclusion(outcome: Outcome(status: .timedOut)))
    case .completed, .killed: return .done(Conclusion(outcome: Outcome(status: exit)))
    }
  }
}

/// Controls one execution of another boxwatch without blocking the loop: requests are sent in
/// order, on a thread.
final class RemoteSteering: Sendable {
  private struct Work {
    var orders: [@Sendable (RemoteControl) throws -> Void] = []
    var hasThread = false
  }

  private let control: RemoteControl
  private let complain: @Sendable (String) -> Void
  private let work = Mutex(Work())

  /// `complain` is called on another thread with the reason when a request failed.
  init(_ control: RemoteControl, _ complain: @escaping @Sendable (String) -> Void) {
    self.control = control
    self.complain = complain
  }

  /// The execution's input; writing to it does not block.
  var input: RemoteInput { control.input }

  func signal(_ signal: Signal) { give { try $0.signal(signal) } }

  func kill() { give { try $0.kill() } }

  func resize(_ size: TerminalSize) { give { try $0.resize(size) } }

  private func give(_ order: @escaping @Sendable (RemoteControl) throws -> Void) {
    let needsThread = work.withLock { work in
      work.orders.append(order)
      defer { work.hasThread = true }
      return !work.hasThread
    }
    guard needsThread else { return }
    let work: @Sendable () -> Void = { [self] in while followNext() {} }
    // When no thread can be created, the request is sent here and blocks.
    if EngineThread.start(name: "boxwatch-steer", work) != nil { work() }
  }

  /// Sends the oldest request; false when there is none.
  private func followNext() -> Bool {
    let order = work.withLock { work in
      if work.orders.isEmpty { work.hasThread = false }
      return work.orders.isEmpty ? nil : work.orders.removeFirst()
    }
    guard let order else { return false }
    do { try order(control) } catch { complain("\(error)") }
    return true
  }
}
