import ExecEngine
import ExecModel

extension Engine {
  /// Ends an execution with all that is left of its process group.
  ///
  /// A draining command has ended already, and what is left of its group holds its streams: closing alone would let that
  /// live on, so it is killed first.
  ///
  /// - Parameter reason: why streams are given up for it that have not ended.
  /// - Throws: ``EngineError`` for an execution that there is not.
  func kill(_ id: ExecutionID, because reason: StreamCut = .forced) throws(EngineError) {
    if case .draining = try snapshot(id).state { try? signal(id, .kill) }
    try forceClose(id, because: reason)
  }
}
