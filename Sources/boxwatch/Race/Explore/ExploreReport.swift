import Console
import ExecModel
import JSON
import RaceLab

/// The result of an exploration, as text.
struct ExploreReport {
  let entries: [(kind: DispatcherKind, result: ExplorationResult)]

  init(_ exploration: Exploration) { entries = Array(zip(exploration.kinds, exploration.results)) }

  /// The table, followed by the shortest losing schedule of each broken dispatcher; diagrams no
  /// wider than `width`.
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

  /// Without any run there is no share: 0 % would be misleading.
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

/// What a dispatcher that lost nothing would need to lose output.
enum LosingHint {
  /// One line; nil when it lost output, or when no omitted event would change the result.
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

// The number of schedules, printed before the run.
extension ExploreReport {
  /// A description of the scenario, the number of its schedules, and how many of them are run.
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

extension ExploreReport {
  /// One object per dispatcher.
  ///
  /// `schedules` is how many were run and `space` how many there are, `violations` how many of
  /// those that were run broke a promise and `P1` to `P4` which, `shortest` a losing schedule as
  /// `boxwatch race replay` reads it, or null. `seed` is present when a sample was drawn.
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
