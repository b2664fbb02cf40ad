import ArgumentParser
import BoxLiteServer
import BoxwatchUI
import ExecEngine
import ExecModel
import Journal
import Synchronization

// Executions that clients of our server start.
extension Monitor {
  /// Hears of every start from now on; must be called before anybody else can start something.
  func watchStarts() {
    let starts = starts
    session.engine.watchStarts { id in
      if !OwnStart.isUnderWay { starts.post(id) }
    }
  }

  /// Shows what was started by others since the last call.
  func takeStarts() {
    for id in starts.take() where feeds[id] == nil { show(id) }
  }

  private func show(_ id: ExecutionID) {
    do {
      let subscription = try session.engine.attach(id)
      let (spec, box) = (subscription.journal.spec, subscription.journal.identity.box)
      feeds.add(ExecutionFeed(id, subscription, wake))
      pace.hasNews = true
      send(.added(id, spec, box: box, created: MonotonicClock.now, origin: .client))
    } catch {
      send(.notice("a client's command cannot be shown: \(error)", isError: true))
    }
  }

  /// Tells the header of the server, when something has changed.
  func readServer() {
    guard let server else { return }
    let status = ServerStatus(address: server.address.description, clients: server.clients)
    if status != model.server { send(.server(status)) }
  }
}

// The boxes for the start prompt: looked for on a thread, as engines may take their time.
extension Monitor {
  func listBoxes() {
    let (mailbox, catalogue, configuration) = (mailbox, session.boxes, session.configuration)
    inBackground("boxwatch-boxes") {
      let finders = BoxFinders.all(configuration)
      var found: [FoundBox] = []
      for (index, finder) in finders.enumerated() {
        found += finder.find()
        let choices = catalogue.choices(found, first: configuration.box)
        mailbox.post(.boxes(choices, isComplete: index == finders.count - 1))
      }
    }
  }

  /// What a sandbox has besides, from the words of the prompt.
  ///
  /// - Throws: ``Failure`` that says which option is wrong.
  static func sandbox(_ words: [String]) throws -> SandboxFlags {
    do {
      return try SandboxFlags.parse(words.map(expanded))
    } catch {
      throw Failure(SandboxFlags.message(for: error))
    }
  }

  /// A word with the home folder in place of `~`, which no shell has replaced here; also behind an option's `=`.
  private static func expanded(_ word: String) -> String {
    guard let home = Environment["HOME"] else { return word }
    let start = word.hasPrefix("--") ? word.firstIndex(of: "=").map { word.index(after: $0) } : word.startIndex
    guard let start, word[start...] == "~" || word[start...].hasPrefix("~/") else { return word }
    return word[..<start] + home + word[start...].dropFirst()
  }
}

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
