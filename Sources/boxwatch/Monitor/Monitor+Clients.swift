import ArgumentParser
import BoxLiteServer
import BoxwatchUI
import Console
import ExecEngine
import ExecModel
import Journal
import Linux
import Synchronization

// Executions started by clients of this process's server.
extension Monitor {
  /// Watches every start from now on; must be called before a client can start an execution.
  func watchStarts() {
    let mailbox = mailbox
    session.engine.watchStarts { id in
      if !OwnStart.isUnderWay { mailbox.post(.clientStarted(id)) }
    }
  }

  /// Shows an execution that a client started.
  func showClient(_ id: ExecutionID) {
    guard feeds[id] == nil else { return }
    do {
      let subscription = try session.engine.attach(id)
      let (spec, box) = (subscription.journal.spec, subscription.journal.identity.box)
      show(
        id, subscription, .added(id, spec, box: box, created: MonotonicClock.now, origin: .client),
        by: engineControl(id))
    } catch {
      send(.notice("a client's command cannot be shown: \(error)", isError: true))
    }
  }

  /// Shows a server's status in the header, now and after every change.
  func watch(_ server: RESTServer?) {
    self.server = server
    server?.watchClients { [mailbox] in mailbox.post(.changed(.clients)) }
    readServer()
  }

  /// Updates the server status in the header when it changed.
  func readServer() {
    guard let server else { return }
    let status = ServerStatus(address: server.address.description, clients: server.clients)
    if status != model.server { send(.server(status)) }
  }
}

// The boxes of the start prompt, found on a background thread because container engines may be
// slow.
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

  /// Parses the sandbox options typed in the prompt.
  ///
  /// - Throws: ``/Console/Failure`` that names the wrong option.
  static func sandbox(_ words: [String]) throws -> SandboxFlags {
    do {
      return try SandboxFlags.parse(words.map(expanded))
    } catch {
      throw Failure(SandboxFlags.message(for: error))
    }
  }

  /// Expands `~` to the home folder, as a shell would; also after the `=` of an option.
  private static func expanded(_ word: String) -> String {
    guard let home = Environment["HOME"] else { return word }
    let start = word.hasPrefix("--") ? word.firstIndex(of: "=").map { word.index(after: $0) } : word.startIndex
    guard let start, word[start...] == "~" || word[start...].hasPrefix("~/") else { return word }
    return word[..<start] + home + word[start...].dropFirst()
  }
}

/// Starts a command in a box that may be slow: the caller waits only for the journal, and the start
/// continues on a background thread.
final class BackgroundStart: Sendable {
  /// A created execution and a subscription from its first event.
  typealias Created = (id: ExecutionID, subscription: Subscription)

  private let result = Mutex<Result<Created, any Error>?>(nil)
  private let wake: WakeDescriptor

  private init() throws { wake = try WakeDescriptor.make() }

  /// Creates the execution and returns; when the box cannot start it, the execution's end event
  /// reports why.
  ///
  /// - Throws: ``/Console/Failure`` or `EngineError` when no journal can be created; nothing is started
  ///   then.
  static func start(_ spec: ExecutionSpec, in box: any Box, _ engine: Engine) throws -> Created {
    let start = try BackgroundStart()
    let failure = DetachedThread.start(name: "boxwatch-start") { start.run(spec, box, engine) }
    if let failure { throw Failure("cannot start it: \(Failure.noThread(failure))") }
    start.wake.wait()
    guard let result = start.result.withLock({ $0 }) else { throw Failure("the start reported no result") }
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

  /// Only the first result is delivered: once the execution exists, its record reports the end.
  private func tell(_ news: Result<Created, any Error>) {
    result.withLock { $0 = $0 ?? news }
    wake.wake()
  }
}
