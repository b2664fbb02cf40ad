import ExecEngine
import ExecModel
import Journal
import TestSupport

/// An engine with time and a box that the test moves.
struct EngineFixture {
  let folder = ScratchFolder()
  let timers = ManualTimers()
  let box: ScriptedBox
  let engine: Engine
  let id: ExecutionID

  init(
    _ spec: ExecutionSpec = ExecutionSpec(command: ["test"]), failure: BoxError? = nil,
    opening: @escaping @Sendable (any ExecutionSink) -> Void = { _ in }
  ) throws {
    box = ScriptedBox(failure: failure, opening: opening)
    engine = Engine(stateDirectory: folder.path, timers: timers)
    id = try engine.start(spec, in: box)
  }

  var sink: any ExecutionSink { box.sink }

  /// Reports the usual end: both ends of stream and an exit.
  func end(_ status: ExitStatus = .exited(0)) {
    sink.endOfStream(.stdout)
    sink.endOfStream(.stderr)
    sink.exited(status)
  }

  /// Every event that is published now.
  func events() throws -> [ExecutionEvent] {
    let subscription = try engine.attach(id)
    var events: [ExecutionEvent] = []
    while case let more = try subscription.poll(), !more.isEmpty { events += more.map(\.event) }
    return events
  }

  /// The bytes of a stream, as the events tell where they are.
  func bytes(_ stream: ExecStream) throws -> [UInt8] {
    let subscription = try engine.attach(id)
    var collector = StreamCollector(stream)
    while case let more = try subscription.poll(), !more.isEmpty {
      for event in more { try collector.take(event, subscription.journal) }
    }
    return collector.bytes
  }
}
