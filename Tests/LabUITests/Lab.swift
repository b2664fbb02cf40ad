import RaceLab

@testable import BoxwatchUI

extension Monitor {
  /// A screen with the race lab in front.
  static func lab(
    _ session: LabSession = LabSession(), _ height: Int = 24, _ width: Int = 80, isUTF8: Bool = true, seed: UInt64 = 7,
    isAlone: Bool = true
  ) -> Monitor {
    var monitor = Monitor(height, width, isUTF8: isUTF8)
    monitor.model.open(LabModel(session, seed: seed, isAlone: isAlone))
    return monitor
  }

  /// The session that the lab shows; a fresh one when there is no lab.
  var session: LabSession { model.lab?.session ?? LabSession() }

  /// The schedule so far, as its text.
  var schedule: String { session.schedule.text }
}
