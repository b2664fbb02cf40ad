import ExecEngine
import ExecModel
import Testing

/// One started command of a test.
struct Run: Sendable {
  let sink: RecordingSink
  let process: any BoxProcess
  let streams: StreamSet

  /// Starts a command in a box.
  init(_ box: any Box, _ spec: ExecutionSpec, sink: RecordingSink = RecordingSink()) throws {
    self.sink = sink
    streams = spec.streams
    sink.expect(streams)
    process = try box.start(spec, reportingTo: sink)
  }

  /// Starts a shell script in a box.
  init(_ box: any Box, script: String, input: ExecutionSpec.Input = .closed) throws {
    try self.init(box, ExecutionSpec(command: ["sh", "-c", script], input: input))
  }

  /// Waits for the exit and the streams' ends, gives everything back, and returns what was reported.
  func finish() async -> RecordingSink.Record {
    await sink.wait { $0.isOver }
    process.release()
    return sink.record
  }
}
