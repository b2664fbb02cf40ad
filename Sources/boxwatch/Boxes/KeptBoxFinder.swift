import Boxes
import ExecEngine

/// The sandboxes that stay.
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
