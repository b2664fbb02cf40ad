import BoxLiteClient
import Boxes
import ContainerBoxes

/// The boxes of the configuration.
struct ConfiguredBoxFinder: BoxFinder {
  let configuration: Configuration

  func find() -> [FoundBox] {
    configuration.boxes.sorted { $0.key < $1.key }.map { name, box in
      switch box {
      case .prefix(let prefix, _):
        FoundBox(
          name: name, kind: "command", detail: prefix.joined(separator: " "),
          problem: CommandBox(name: name, prefix: prefix).problem())
      case .sandbox(let options):
        FoundBox(
          name: name, kind: "sandbox", detail: options.words,
          problem: BubblewrapBox(name: name, options: options).problem())
      // A server is not asked here: it may be slow, and is told of when it is used.
      case .container(let target): FoundBox(name: name, kind: "container", detail: target.description)
      case .boxLite(let target, _): FoundBox(name: name, kind: "boxlite", detail: target.description)
      }
    }
  }
}
