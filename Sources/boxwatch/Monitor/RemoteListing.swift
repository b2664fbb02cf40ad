import BoxLiteClient
import BoxLiteWire
import BoxwatchUI
import ExecEngine
import ExecModel
import Synchronization

/// What runs in the configured boxes on BoxLite servers, as they said last: a server that answers late delays no list.
final class RemoteListing: Sendable {
  private struct State {
    var entries: [PickerEntry] = []
    var isAsking = false
  }

  /// How long a server may take; one that is dead costs the list its executions and nothing else.
  private static let patience = Duration.seconds(5)

  private let boxes: RemoteBoxes
  private let state = Mutex(State())

  init(_ boxes: RemoteBoxes) { self.boxes = boxes }

  /// What was last heard; asks anew, for the next time.
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
      // A real BoxLite server has no such list: its executions are attached to by their address.
      return []
    }
  }

  private static func entry(_ reply: ExecutionReply, _ box: BoxLiteTarget, name: String) -> PickerEntry {
    let target = BoxLiteTarget(endpoint: box.endpoint, box: box.box, execution: reply.id)
    return PickerEntry(
      target: .remote(target.description), state: state(of: reply), age: nil, box: name,
      place: "boxlite \(box.endpoint)", title: reply.command.isEmpty ? reply.id : reply.command)
  }

  /// What the server's words mean: exit codes below zero are signals.
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

/// Steers one execution of another boxwatch without keeping the loop waiting: one order after the other, on a thread.
final class RemoteSteering: Sendable {
  private struct Work {
    var orders: [@Sendable (RemoteControl) throws -> Void] = []
    var hasThread = false
  }

  private let control: RemoteControl
  private let complain: @Sendable (String) -> Void
  private let work = Mutex(Work())

  /// Takes orders; `complain` is told on another thread why one was not followed.
  init(_ control: RemoteControl, _ complain: @escaping @Sendable (String) -> Void) {
    self.control = control
    self.complain = complain
  }

  /// The execution's input, which keeps nobody waiting by itself.
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
    // Without a thread the order is followed here: late is better than never.
    if EngineThread.start(name: "boxwatch-steer", work) != nil { work() }
  }

  /// Follows the order that was given first; false when there is none.
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
