import ExecEngine
import ExecModel

extension ExecutionSink {
  /// Reports that nothing more will be heard of a command, and that its streams may lack something.
  func lose(_ streams: StreamSet) {
    for stream in streams.streams { gap(stream, .unprovenEnd) }
    connectionLost()
  }
}
