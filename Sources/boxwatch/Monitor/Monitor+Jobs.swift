import BoxwatchUI
import ExecModel

// The commands of a list, started in its order as others end.
extension Monitor {
  /// How long one round of starts takes at the most, in nanoseconds: keys are handled in between.
  private static let startBudget: UInt64 = 30_000_000

  /// Starts what may run; what cannot be started now waits for the end of another.
  ///
  /// - Throws: ``Failure`` when nothing runs whose end could help.
  func startJobs() throws {
    let began = MonotonicClock.now
    while jobs.mayStart, let next = jobs.takeNext() {
      do {
        try start(next)
      } catch {
        guard jobs.hold(next) else { throw error }
        send(.notice("\(error); it waits until another ends", isError: true))
        break
      }
      guard MonotonicClock.now - began < Self.startBudget else {
        if jobs.mayStart { wake.wake() }
        break
      }
    }
    listWaiting()
  }

  private func start(_ next: MonitorJobs.Next) throws {
    let id = try start(next.request, inPlaceOf: next.row)
    jobs.started(id)
    requested.append(id)
  }

  /// Goes on with the list while the screen is up.
  func continueJobs() {
    guard jobs.mayStart else { return }
    do { try startJobs() } catch {
      let count = model.waitingCount
      jobs.cancelAll()
      send(.notice("\(error): \(count) commands are not started", isError: true))
    }
  }

  /// Shows what waits: the next ones with a row when no more may be started at once, of the others their number.
  private func listWaiting() {
    let added = jobs.mayStart ? [] : jobs.list()
    if !added.isEmpty { send(.queued(added)) }
    if model.unlisted != jobs.unlistedCount { send(.unlisted(jobs.unlistedCount)) }
  }

  func startWaiting(_ id: ExecutionID) {
    guard let next = jobs.take(id) else { return }
    do { try start(next) } catch {
      _ = jobs.hold(next)
      send(.notice("\(error)", isError: true))
    }
    listWaiting()
  }

  func cancelWaiting(_ id: ExecutionID) {
    guard jobs.take(id) != nil else { return }
    send(.unqueued(id))
    listWaiting()
  }
}
