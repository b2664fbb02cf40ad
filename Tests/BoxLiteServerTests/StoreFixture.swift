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
  let name: String
  let execution: String

  init() throws {
    let timers = timers
    store = Store(Engine(stateDirectory: folder.path, timers: timers), box, ServerConfiguration()) { timers.now() }
    name = try store.create(CreateBoxBody(body: Array(#"{"image":"x"}"#.utf8))).id
    execution = try store.exec(name, ExecBody(body: Array(#"{"command":"test"}"#.utf8))).description
  }

  func end(_ status: ExitStatus = .exited(0)) {
    box.sink.endOfStream(.stdout)
    box.sink.endOfStream(.stderr)
    box.sink.exited(status)
  }

  func status() throws -> ExecutionStatus { try store.status(name, execution).status }

  func claim(_ query: String = "") throws -> AttachTicket {
    try store.claim(name, execution, AttachQuery(Substring(query)))
  }

  var signals: [Int32] {
    box.process.requests.compactMap {
      if case .signal(let signal) = $0 { signal.number } else { nil }
    }
  }
}
