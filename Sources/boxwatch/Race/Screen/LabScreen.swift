import ArgumentParser
import BoxwatchUI
import RaceLab

/// Opens the race lab alone, in the monitor's loop.
struct LabScreen {
  private let common: CommonOptions
  private let screen: ScreenOptions

  init(_ common: CommonOptions, _ screen: ScreenOptions) {
    self.common = common
    self.screen = screen
  }

  /// Shows a session until the user leaves; never returns without throwing the exit status.
  func run(_ session: LabSession) throws {
    let monitor = try Session(common, screen)
    let lab = LabModel(session, seed: MonotonicClock.now, isAlone: true)
    throw ExitCode(try MainActor.assumeIsolated { try Monitor(monitor).run([], lab: lab) })
  }
}
