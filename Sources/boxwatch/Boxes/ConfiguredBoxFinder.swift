import Boxes

/// The boxes of the configuration.
struct ConfiguredBoxFinder: BoxFinder {
  let configuration: Configuration

  func find() -> [FoundBox] {
    configuration.boxes.sorted { $0.key < $1.key }.map { name, box in
      switch box.kind {
      case .command(let prefix):
        FoundBox(
          name: name, kind: "command", detail: prefix.joined(separator: " "),
          problem: CommandBox(name: name, prefix: prefix).problem())
      case .sandbox(let options):
        FoundBox(
          name: name, kind: "sandbox", detail: options.words,
          problem: BubblewrapBox(name: name, options: options).problem())
      }
    }
  }
}
