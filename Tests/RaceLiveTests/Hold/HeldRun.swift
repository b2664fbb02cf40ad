import Console
import ExecEngine
import ExecModel
import Linux
import RaceLab
import Testing

@testable import RaceLive

/// A held command of a test, which sleeps on the wake-up until its snapshot shows something.
struct HeldRun {
  let wake: WakeDescriptor
  let execution: HeldExecution

  /// Starts a command with these gates closed.
  init(
    _ command: [String], holding gates: Set<HeldGate> = Set(HeldGate.allCases),
    timers: any EngineTimers = TimerThread.shared
  ) throws {
    wake = try WakeDescriptor()
    execution = try HeldExecution(command, holding: gates, timers: timers, onChange: wake.wake)
  }

  /// Waits until the snapshot shows it, and returns that snapshot.
  @discardableResult
  func wait(
    _ location: SourceLocation = #_sourceLocation, until isSo: (HeldSnapshot) -> Bool
  ) throws -> HeldSnapshot {
    while true {
      let snapshot = execution.snapshot
      if isSo(snapshot) { return snapshot }
      try #require(wake.wait(milliseconds: 60_000), "nothing happened for a minute", sourceLocation: location)
    }
  }
}

extension HeldSnapshot {
  /// The half of a dispatcher that is known to be there.
  func half(_ kind: DispatcherKind) throws -> HeldSide { try #require(side(kind)) }
}
