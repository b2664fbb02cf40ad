import RaceLab

/// Runs every schedule of a scenario with some dispatchers and gives each one's result by its kind.
func explored(
  _ scenario: Scenario, _ kinds: [DispatcherKind] = DispatcherKind.allCases
) -> [DispatcherKind: ExplorationResult] {
  var exploration = Exploration(scenario, kinds: kinds)
  while exploration.advance(by: 5000) {}
  return Dictionary(uniqueKeysWithValues: zip(kinds, exploration.results))
}

/// A generator with a seed from chance, and the seed for the report.
func chance() -> (generator: SplitMix64, seed: UInt64) {
  let seed = UInt64.random(in: .min ... .max)
  return (SplitMix64(seed: seed), seed)
}
