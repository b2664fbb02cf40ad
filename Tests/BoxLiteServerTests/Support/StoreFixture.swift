import BoxLiteWire
import ExecEngine
import ExecModel
import TestSupport

@testable import BoxLiteServer

/// A store over one box that the test moves, and a clock of its own.
struct StoreFixture {
  let folder = ScratchFolder()
  let timers = ManualTimers()
  let box = ScriptedBox()
  let store: Store
  let name = "a-box"
  let execution: ExecutionID

  init(forgets: Bool = true, limits: (inout ServerLimits) -> Void = { _ in }) throws {
    let timers = timers
    var configuration = ServerConfiguration()
    configuration.forgetsExecutions = forgets
    limits(&configuration.limits)
    store = Store(Engine(stateDirectory: folder.path, timers: timers), configuration) { timers.now() }
    let body = try ExecBody(body: Array(#"{"command":"test"}"#.utf8))
    execution = try store.exec(BoxPlace(id: name, box: box), body)
  }

  func end(_ status: ExitStatus = .exited(0)) {
    box.sink.endOfStream(.stdout)
    box.sink.endOfStream(.stderr)
    box.sink.exited(status)
  }

  func status() throws -> ExecutionStatus { try store.status(execution).status }

  func claim(_ query: String = "") throws -> AttachTicket {
    try store.claim(execution, AttachQuery(Substring(query)))
  }

  var signals: [Int32] {
    box.process.requests.compactMap {
      if case .signal(let signal) = $0 { signal.number } else { nil }
    }
  }
}
