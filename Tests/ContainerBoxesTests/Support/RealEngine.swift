import ExecEngine
import Glibc
import JSON
import Testing

@testable import ContainerBoxes

/// One of the engines that `.ci/engines` started.
struct RealEngine: Sendable, CustomTestStringConvertible {
  let kind: EngineKind
  let socket: String

  var testDescription: String { kind.rawValue }
  var access: EngineAccess { EngineAccess(kind, at: .unix(socket)) }
  var image: String { kind == .docker ? "boxwatch-test" : "localhost/boxwatch-test" }
  var box: ContainerBox { ContainerBox(access, container: "boxwatch-conformance") }

  static let all = EngineKind.allCases.compactMap { kind in
    variable("BOXWATCH_TEST_" + kind.rawValue.uppercased()).map { RealEngine(kind: kind, socket: $0) }
  }

  static let problem =
    all.count == EngineKind.allCases.count ? "" : "there are no test engines: .ci/engines starts them"

  /// The folder of `.ci/engines`.
  static let folder = variable("BOXWATCH_TEST_ENGINES")

  static func of(_ kind: EngineKind) throws -> RealEngine { try #require(all.first { $0.kind == kind }) }

  private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// Makes a container whose main process is a shell script; it is deleted with its owner.
  ///
  /// - Parameter smallFolder: a folder in it with room for 64 KiB.
  func container(
    _ script: String, terminal: Bool = false, starts: Bool = true, smallFolder: String? = nil
  ) throws -> TestContainer {
    let client = try access.client()
    let small: JSONValue? = smallFolder.map { .object([JSONMember($0, .string("size=64k"))]) }
    let body = JSONValue.object([
      "Image": .string(image), "Cmd": .array(["sh", "-c", script].map(JSONValue.string)), "Tty": .bool(terminal),
      "HostConfig": .object(["NetworkMode": .string("none"), "Tmpfs": small]),
    ])
    let container = TestContainer(client, identifier: try client.call(client.createContainer(body)))
    if starts { try container.start() }
    return container
  }
}
