import ExecEngine
import ExecModel
import Synchronization

/// Starts a command whose box may take long: the caller waits for the journal alone, the start goes on on a thread.
final class BackgroundStart: Sendable {
  /// An execution that is there, and its record from the first event on.
  typealias Created = (id: ExecutionID, subscription: Subscription)

  private let result = Mutex<Result<Created, any Error>?>(nil)
  private let wake: WakeDescriptor

  private init() throws { wake = try WakeDescriptor() }

  /// Makes the execution and returns; a box that cannot start it tells so by the execution's own end.
  ///
  /// - Throws: ``Failure`` or `EngineError` when there is no journal: nothing is started then.
  static func start(_ spec: ExecutionSpec, in box: any Box, _ engine: Engine) throws -> Created {
    let start = try BackgroundStart()
    let failure = EngineThread.start(name: "boxwatch-start") { start.run(spec, box, engine) }
    if let failure { throw Failure("cannot start it: \(Failure.noThread(failure))") }
    start.wake.wait()
    guard let result = start.result.withLock({ $0 }) else { throw Failure("the start has told nothing") }
    return try result.get()
  }

  private func run(_ spec: ExecutionSpec, _ box: any Box, _ engine: Engine) {
    do {
      try OwnStart.$isUnderWay.withValue(true) {
        _ = try engine.start(spec, in: box) { id in tell(.success((id, try engine.attach(id)))) }
      }
    } catch {
      tell(.failure(error))
    }
  }

  /// Only what comes first counts: once the execution is there, its end is told by its record.
  private func tell(_ news: Result<Created, any Error>) {
    result.withLock { $0 = $0 ?? news }
    wake.wake()
  }
}
