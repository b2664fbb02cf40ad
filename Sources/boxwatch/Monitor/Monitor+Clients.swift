import BoxLiteServer
import BoxwatchUI
import ExecEngine
import ExecModel
import Journal

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
