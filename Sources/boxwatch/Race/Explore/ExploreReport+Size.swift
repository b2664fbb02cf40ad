import RaceLab

// How much there is to run, said before it is.
extension ExploreReport {
  /// What the system is, how many schedules it has, and how many of them are run.
  var sizeLines: [String] {
    guard let usual = entries.first(where: { !$0.kind.needsDeadline }) ?? entries.first else { return [] }
    var lines = [usual.result.scenario.text + ": " + Self.words(usual.result.scenario), spaceLine(usual.result)]
    if let sample = entries.first(where: { $0.result.isSample })?.result, let seed = sample.seed {
      let names = entries.filter { $0.result.isSample }.map(\.kind.name)
      let whose = names.count == entries.count ? "each dispatcher" : names.joined(separator: ", ")
      lines.append(
        "too many to run all of them: \(NumberWords.grouped(sample.total)) are drawn for \(whose), seed \(seed), each with "
          + "the same chance (--limit, --seed)")
    }
    return lines
  }

  private func spaceLine(_ usual: ExplorationResult) -> String {
    var line = "\(NumberWords.count(usual.space, "schedule")) for each dispatcher"
    for (kind, result) in entries where result.scenario != usual.scenario {
      line += "; \(NumberWords.grouped(result.space)) for \(kind.name), which has a deadline to wait for"
    }
    return line
  }

  /// `1 chunk of stdout, 2 chunks of stderr, both ends of stream, the exit, 1 waiter`.
  static func words(_ scenario: Scenario) -> String {
    var words = [
      NumberWords.count(scenario.stdout, "chunk") + " of stdout",
      NumberWords.count(scenario.stderr, "chunk") + " of stderr",
      "both ends of stream", "the exit",
    ]
    if scenario.waiters > 0 { words.append(NumberWords.count(scenario.waiters, "waiter")) }
    if scenario.hasLateWaiter { words.append("a late waiter") }
    if scenario.hasGrandchild { words.append("a grandchild that holds stdout") }
    if scenario.hasDeadline { words.append("a deadline") }
    if scenario.hasForceClose { words.append("a force close") }
    return words.joined(separator: ", ")
  }
}
