import RaceLab

/// What a dispatcher that lost nothing would need to lose.
enum LosingHint {
  /// One line; nil when it lost, or when nothing that was left out would change that.
  static func words(_ kind: DispatcherKind, _ result: ExplorationResult) -> String? {
    guard result.shortest == nil, result.isFinished, let need = need(of: kind, in: result.scenario) else { return nil }
    return "\(kind.name) lost nothing here: \(need)"
  }

  private static func need(of kind: DispatcherKind, in scenario: Scenario) -> String? {
    let isSilent = scenario.stdout + scenario.stderr == 0
    switch kind {
    case .exitGated:
      if scenario.waiters == 0, !scenario.hasLateWaiter { return "only a wait overtakes its exit (try --waiters 1)" }
      return isSilent ? silence : nil
    case .untilEmpty:
      return scenario.hasGrandchild ? nil : "only a grandchild's late output escapes it (try --grandchild)"
    case .exitFirst, .lateRegistration, .fixedTimer: return isSilent ? silence : nil
    case .endOfStreamOnly, .drainOrdered: return nil
    }
  }

  private static let silence = "there is no output to lose (try --stdout 1)"
}
