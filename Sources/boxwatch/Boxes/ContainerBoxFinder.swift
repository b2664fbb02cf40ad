import ContainerBoxes
import ExecEngine

/// What the container engines have: running containers, and images of which throw-away ones can be made.
struct ContainerBoxFinder: BoxFinder {
  /// The engines that are asked.
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
