import ExecEngine
import ExecModel

/// The input of a command of our own.
struct EngineInput: CommandInput {
  let engine: Engine
  let id: ExecutionID

  func write(_ bytes: [UInt8], completion: @escaping @Sendable (String?) -> Void) {
    do throws(EngineError) {
      try engine.write(id, bytes) { completion($0?.words) }
    } catch {
      completion(error.description)
    }
  }

  func closeInput() { try? engine.closeInput(id) }
}
