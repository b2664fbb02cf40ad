import ArgumentParser
import RaceLab

/// Which two dispatchers stand side by side.
struct HalvesOptions: ParsableArguments {
  @Option(
    name: .customLong("dispatcher"),
    help: ArgumentHelp(
      "The left half; given again, the right one (default: exit-first, drain-ordered).",
      valueName: "name"),
    transform: { try DispatcherKind(name: $0) })
  var chosen: [DispatcherKind] = []

  func validate() throws {
    guard chosen.count <= 2 else {
      throw ValidationError("--dispatcher: there are two halves, and \(chosen.count) dispatchers were given")
    }
  }

  /// The left one, then the right one.
  var kinds: [DispatcherKind] {
    let left = chosen.first ?? .exitFirst
    return [left, chosen.count > 1 ? chosen[1] : .drainOrdered]
  }
}
