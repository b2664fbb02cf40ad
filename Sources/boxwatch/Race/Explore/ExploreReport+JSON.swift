import JSON
import RaceLab

extension ExploreReport {
  /// One object for each dispatcher.
  ///
  /// `schedules` is how many were run and `space` how many there are, `violations` how many of those that were run broke a
  /// promise and `P1` to `P4` which, `shortest` a losing schedule as `boxwatch race replay` reads it, or null. `seed` is there
  /// when a sample was drawn.
  var jsonLines: [JSONLine] { entries.map { Self.line($0.kind, $0.result) } }

  private static func line(_ kind: DispatcherKind, _ result: ExplorationResult) -> JSONLine {
    var line = JSONLine()
    line.add("dispatcher", kind.name)
    line.add("schedules", result.covered)
    line.add("space", result.space)
    line.add("violations", result.losing)
    for promise in Promise.allCases { line.add(promise.name, result.violations(of: promise)) }
    line.add("share", result.share)
    if let shortest = result.shortest {
      line.add("shortest", shortest.schedule.text)
    } else {
      line.addNull("shortest")
    }
    line.add("promises", kind.promises.promises.map(\.name))
    line.add("finished", result.isFinished)
    if let seed = result.seed { line.add("seed", seed) }
    return line
  }
}
