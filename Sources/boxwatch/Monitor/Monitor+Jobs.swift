import BoxwatchUI
import Console
import ExecModel
import Jobs
import LabUI
import Linux
import RaceLab
import RaceLive

// The commands of a list, started in order as others end.
extension Monitor {
  /// The maximum length of one round of starts in nanoseconds, so that keys are handled in between.
  private static let startBudget: UInt64 = 30_000_000

  /// Starts the commands that may run; a command that cannot be started now waits.
  ///
  /// - Throws: the error of the first start, when it fails.
  func startJobs() throws {
    let began = MonotonicClock.now
    while jobs.mayStart, let next = jobs.takeNext() {
      do {
        try start(next)
      } catch {
        try pause(at: next, error)
        break
      }
      guard MonotonicClock.now - began < Self.startBudget else {
        if jobs.mayStart { mailbox.post(.changed(.jobs)) }
        break
      }
    }
    listWaiting()
  }

  /// Holds the list after a shortage, which may pass; any other error stops the list.
  private func pause(at next: MonitorJobs.Next, _ error: any Error) throws {
    jobs.putBack(next)
    guard jobs.hasStarted else { throw error }
    let count = jobs.waitingCount
    if Failure.isShortage(error), jobs.isRunning || next.request.spec.onRecordFailure == .wait {
      if jobs.hold() { send(.notice("\(error); \(count) commands wait until that changes", isError: true)) }
    } else {
      jobs.stop()
      send(.notice("\(error): \(count) commands are not started", isError: true))
    }
  }

  private func start(_ next: MonitorJobs.Next) throws {
    let id = try start(next.request, inPlaceOf: next.row)
    jobs.started(id)
    requested.append(id)
  }

  /// Continues the list while the screen is up.
  func continueJobs() {
    guard jobs.mayStart else { return }
    do { try startJobs() } catch { send(.notice("\(error)", isError: true)) }
  }

  /// Shows the waiting commands: the next ones as rows while no more may be started at once, the
  /// others as a number.
  private func listWaiting() {
    let added = jobs.mayStart ? [] : jobs.list()
    if !added.isEmpty { send(.queued(added)) }
    if model.unlisted != jobs.unlistedCount { send(.unlisted(jobs.unlistedCount)) }
  }

  func startWaiting(_ id: ExecutionID) {
    guard let next = jobs.take(id) else { return }
    do { try start(next) } catch {
      jobs.putBack(next)
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

// The race lab's held command.
extension Monitor {
  /// Opens the lab in front of the monitor, or without one for a plan.
  func openLab(_ plan: MonitorPlan.Lab? = nil) {
    let now = MonotonicClock.now
    let lab = LabModel(plan?.session ?? LabSession(), on: model.display, now: now, seed: now)
    perform(screens.open(lab, holding: plan?.holding, isAlone: plan != nil))
  }

  func hold(_ request: HoldRequest) {
    switch request {
    case .start(let command): startHolding(command)
    case .toggle(let gate): held?.toggle(gate)
    case .releaseAll: held?.releaseAll()
    case .end: endHolding()
    }
    readHeld()
  }

  func startHolding(_ command: [String]) {
    endHolding()
    do {
      held = try HeldExecution(command) { [mailbox] in mailbox.post(.changed(.heldCommand)) }
    } catch {
      perform(screens.take(.holdRefused("\(error)")))
    }
  }

  func endHolding() {
    held?.end()
    held = nil
  }

  func readHeld() {
    guard let snapshot = held?.snapshot, snapshot != screens.lab?.hold.snapshot else { return }
    perform(screens.take(.held(snapshot)))
  }
}
