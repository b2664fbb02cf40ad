import ArgumentParser
import RaceLab

/// Which of the lab's dispatchers take part.
struct DispatcherOptions: ParsableArguments {
  @Option(
    name: .customLong("dispatcher"),
    help: ArgumentHelp("Only this dispatcher; may be given several times (default: all).", valueName: "name"),
    transform: { try DispatcherKind(name: $0) })
  var chosen: [DispatcherKind] = []

  /// Those that were asked for, each once and in that order; all when nobody asked.
  var kinds: [DispatcherKind] {
    guard !chosen.isEmpty else { return DispatcherKind.allCases }
    return chosen.enumerated().filter { index, kind in !chosen[..<index].contains(kind) }.map(\.element)
  }
}
