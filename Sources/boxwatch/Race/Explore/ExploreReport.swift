import ExecModel
import RaceLab

/// What an exploration found, as text.
struct ExploreReport {
  let entries: [(kind: DispatcherKind, result: ExplorationResult)]

  init(_ exploration: Exploration) { entries = Array(zip(exploration.kinds, exploration.results)) }

  /// The table, and below it how each broken dispatcher loses soonest; diagrams no wider than `width`.
  func lines(isASCII: Bool, width: Int?) -> [String] {
    var lines = table
    if entries.contains(where: { $0.result.shortest != nil }) {
      lines += ["", MarbleDiagram.legend(isASCII: isASCII).text]
    }
    for (kind, result) in entries {
      if let shortest = result.shortest { lines += [""] + example(kind, shortest, isASCII, width) }
    }
    let hints = entries.compactMap { LosingHint.words($0.kind, $0.result) }
    return lines + (hints.isEmpty ? [] : [""] + hints)
  }

  private var table: [String] {
    var table = TextTable(
      [.init("dispatcher", .left), .init("schedules")] + Promise.allCases.map { .init($0.title) }
        + [.init("violations"), .init("share"), .init("promises", .left)])
    for (kind, result) in entries {
      table.add(
        [kind.name, NumberWords.grouped(result.covered)]
          + Promise.allCases.map { NumberWords.grouped(result.violations(of: $0)) }
          + [NumberWords.grouped(result.losing), share(result), kind.promises.names])
    }
    return table.lines
  }

  /// Of nothing run nothing is known: 0 % would be praise.
  private func share(_ result: ExplorationResult) -> String {
    result.covered == 0 ? "-" : NumberWords.percent(result.share)
  }

  private func example(
    _ kind: DispatcherKind, _ shortest: Counterexample, _ isASCII: Bool, _ width: Int?
  ) -> [String] {
    let rivals: [DispatcherKind] = kind == .drainOrdered ? [kind] : [kind, .drainOrdered]
    let diagram = MarbleDiagram(shortest.schedule, kinds: rivals, isASCII: isASCII, width: width.map { max(0, $0 - 2) })
    let steps = NumberWords.count(shortest.decided, "step")
    return [
      "\(kind.name): \(kind.summary)", "  as in: \(kind.origin)",
      "  breaks \(shortest.violations.names) after \(steps): \(Self.replay(shortest.schedule, kind))",
    ] + diagram.lines.map { "  " + $0 }
  }

  /// The command that opens the schedule with this dispatcher on the left.
  private static func replay(_ schedule: Schedule, _ kind: DispatcherKind) -> String {
    let option = kind == .exitFirst ? "" : " --dispatcher \(kind.name)"
    return "boxwatch race replay \(schedule.text)\(option)"
  }
}
