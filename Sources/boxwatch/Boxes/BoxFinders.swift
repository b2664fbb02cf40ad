import BoxLiteClient
import Cells
import Console
import ContainerBoxes
import ExecEngine
import HostBoxes
import JSON
import Linux

/// A box that can be selected, as the list of boxes shows it.
struct FoundBox: Hashable, Sendable {
  /// The name that `--box` takes.
  var name: String
  /// Its kind, in one or two words: `built in`, `command`, `sandbox`, `kept`, `container`, `image`.
  var kind: String
  /// A one-line description.
  var detail: String
  /// Why it cannot be used now and what to do, in one sentence; nil when it can be used.
  var problem: String?
}

/// Finds boxes for the list of boxes.
protocol BoxFinder: Sendable {
  /// The boxes in display order; a place that cannot be searched is a box with a problem.
  func find() -> [FoundBox]
}

/// Finds the boxes that need no configuration.
struct BuiltInBoxFinder: BoxFinder {
  func find() -> [FoundBox] {
    [
      FoundBox(name: "local", kind: "built in", detail: "this host, this user"),
      FoundBox(
        name: "bwrap", kind: "built in", detail: "a throw-away sandbox: its own home and /tmp, no network",
        problem: BubblewrapBox().problem()),
    ]
  }
}

/// Finds the configured boxes.
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
      // A server is not contacted here: it may be slow, and errors are reported when it is used.
      case .container(let target): FoundBox(name: name, kind: "container", detail: target.description)
      case .boxLite(let target, _): FoundBox(name: name, kind: "boxlite", detail: target.description)
      }
    }
  }
}

/// Finds the kept sandboxes.
struct KeptBoxFinder: BoxFinder {
  let boxes: KeptBoxes

  func find() -> [FoundBox] {
    do {
      return try boxes.names().map(found)
    } catch {
      return [FoundBox(name: "kept boxes", kind: "kept", detail: "", problem: error.description)]
    }
  }

  private func found(_ name: String) -> FoundBox {
    do {
      guard let box = try boxes.box(named: name) else {
        return FoundBox(name: name, kind: "kept", detail: "", problem: "it was removed just now")
      }
      return FoundBox(name: name, kind: "kept", detail: Self.detail(box), problem: box.problem())
    } catch {
      return FoundBox(name: name, kind: "kept", detail: "", problem: error.description)
    }
  }

  private static func detail(_ box: KeptBox) -> String {
    let since = "since " + WallClock.text(UInt64(clamping: box.created) &* 1_000_000_000).prefix(19) + "Z"
    let count = box.processCount
    let running = count == 1 ? "1 process" : "\(count) processes"
    let memory = box.usage()?.memory.map { ["\($0 >> 20) MiB"] } ?? []
    return ([box.options.words, running] + memory + [since]).joined(separator: ", ")
  }
}

/// Finds running containers, and images for throw-away ones.
struct ContainerBoxFinder: BoxFinder {
  /// The engines to query.
  let engines: [EngineAccess]

  init(_ engines: [EngineAccess] = EngineKind.allCases.map { EngineAccess($0) }) { self.engines = engines }

  func find() -> [FoundBox] { engines.flatMap(boxes) }

  private func boxes(of engine: EngineAccess) -> [FoundBox] {
    let name = engine.kind.rawValue
    do throws(BoxError) {
      let containers = try engine.containers().map { container in
        FoundBox(
          name: "\(name):\(container.name)", kind: "container", detail: "\(container.image), \(container.status)")
      }
      let images = try engine.images().map { image in
        FoundBox(name: "\(name)-image:\(image)", kind: "image", detail: "a throw-away container of it")
      }
      return containers + images
    } catch {
      return [FoundBox(name: name, kind: "engine", detail: "", problem: error.description)]
    }
  }
}

/// All finders.
enum BoxFinders {
  /// The finders in display order.
  static func all(_ configuration: Configuration) -> [any BoxFinder] {
    [
      BuiltInBoxFinder(), ConfiguredBoxFinder(configuration: configuration),
      KeptBoxFinder(boxes: Directories.keptBoxes()), ContainerBoxFinder(),
    ]
  }
}

/// The list of boxes as text: columns, or JSON objects.
struct FoundBoxList {
  let boxes: [FoundBox]
  let isJSON: Bool

  /// Writes it to standard output.
  ///
  /// - Throws: ``/Console/Failure`` when it cannot be written.
  func write() throws {
    guard isJSON else { return try TextOutput().write(lines) }
    for box in boxes { try TextOutput().write(Self.object(box)) }
  }

  /// One line per box: name, kind, and its description or why it cannot be used.
  var lines: [String] {
    let names = (boxes.map { TextWidth.columns(of: $0.name) }.max() ?? 0) + 2
    let kinds = (boxes.map { TextWidth.columns(of: $0.kind) }.max() ?? 0) + 2
    return boxes.map { box in
      Self.pad(box.name, names) + Self.pad(box.kind, kinds) + (box.problem.map { "not usable: " + $0 } ?? box.detail)
    }
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - TextWidth.columns(of: text)))
  }

  private static func object(_ box: FoundBox) -> JSONLine {
    var line = JSONLine()
    line.add("name", box.name)
    line.add("kind", box.kind)
    line.add("detail", box.detail)
    line.add("usable", box.problem == nil)
    if let problem = box.problem { line.add("problem", problem) } else { line.addNull("problem") }
    return line
  }
}
