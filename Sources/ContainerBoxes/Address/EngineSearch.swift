public import ExecEngine
import ExecModel
import Glibc
import HostBoxes
import JSON
import Linux

/// Docker's contexts: named engines in `~/.docker` (`config.json` and `contexts/meta/HASH/meta.json`).
struct DockerContexts {
  let folder: String

  /// The address of a context, or of the current one; nil for the default, which is not a context.
  ///
  /// - Throws: ``/ExecModel/TextValueError`` when the context is missing or unusable.
  func address(of wanted: String?) throws(TextValueError) -> EngineAddress? {
    guard let name = wanted ?? current(), name != "default", !name.isEmpty else { return nil }
    for hash in FolderContents.names(in: folder + "/contexts/meta") {
      guard let meta = json("contexts/meta/\(hash)/meta.json"), meta["Name"]?.string == name else { continue }
      return try address(meta, name: name, hash: hash)
    }
    throw TextValueError("there is no docker context '\(name)' in '\(folder)/contexts': see 'docker context ls'")
  }

  private func current() -> String? { json("config.json")?["currentContext"]?.string }

  private func address(_ meta: JSONValue, name: String, hash: String) throws(TextValueError) -> EngineAddress {
    let endpoint = meta["Endpoints"]?["docker"]
    guard let host = endpoint?["Host"]?.string else {
      throw TextValueError("the docker context '\(name)' names no docker engine")
    }
    let certificates = folder + "/contexts/tls/\(hash)/docker"
    let hasTLS = !FolderContents.names(in: certificates).isEmpty
    let verifies = endpoint?["SkipTLSVerify"]?.bool != true
    return try EngineAddress(text: host, tls: hasTLS ? TLSFiles(folder: certificates, verifies: verifies) : nil)
  }

  private func json(_ name: String) -> JSONValue? {
    SmallFile.read(folder + "/" + name).flatMap { try? JSONValue(parsing: $0) }
  }
}

/// Finds the engine that a box's name refers to: by variables, Docker's contexts, and the usual
/// sockets, in that order.
public struct EngineSearch: Sendable {
  private let variables: [String: String]
  private let home: String
  private let isRoot: Bool
  private let root: String

  /// Creates a search with this process's environment.
  public init() {
    var variables: [String: String] = [:]
    for name in Self.names { variables[name] = getenv(name).map { String(cString: $0) } }
    self.init(variables: variables, home: variables["HOME"] ?? "/root", isRoot: geteuid() == 0)
  }

  /// Creates a search with the given environment.
  ///
  /// - Parameter root: a prefix of the usual sockets' paths, for tests.
  init(variables: [String: String], home: String, isRoot: Bool, root: String = "") {
    self.variables = variables
    self.home = home
    self.isRoot = isRoot
    self.root = root
  }

  private static let names = [
    "HOME", "XDG_RUNTIME_DIR", "DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_TLS_VERIFY",
    "DOCKER_CERT_PATH",
    "CONTAINER_HOST",
  ]

  private subscript(name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }

  /// The address of one kind of engine.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` that lists the places searched.
  public func address(of kind: EngineKind) throws(BoxError) -> EngineAddress {
    do throws(TextValueError) {
      switch kind {
      case .docker: if let address = try dockerAddress() { return address }
      case .podman: if let host = self["CONTAINER_HOST"] { return try EngineAddress(text: host) }
      }
    } catch {
      throw BoxError(.box, error.description)
    }
    let usual = sockets(of: kind)
    if let path = usual.first(where: { access($0, F_OK) == 0 }) { return .unix(path) }
    throw BoxError(
      .box, "no \(kind.rawValue) engine was found: there is no socket \(Self.list(usual)), and \(Self.hint(kind))")
  }

  private static func list(_ paths: [String]) -> String { paths.map { "'\($0)'" }.joined(separator: " or ") }

  private static func hint(_ kind: EngineKind) -> String {
    switch kind {
    case .docker: "DOCKER_HOST is not set: start dockerd, or set DOCKER_HOST"
    case .podman: "CONTAINER_HOST is not set: run 'podman system service --time=0' or enable podman.socket"
    }
  }

  /// The address from the variables and contexts; nil to use the usual sockets.
  private func dockerAddress() throws(TextValueError) -> EngineAddress? {
    let folder = self["DOCKER_CONFIG"] ?? home + "/.docker"
    if let host = self["DOCKER_HOST"] {
      let tls = self["DOCKER_TLS_VERIFY"].map { _ in TLSFiles(folder: self["DOCKER_CERT_PATH"] ?? folder) }
      return try EngineAddress(text: host, tls: tls)
    }
    return try DockerContexts(folder: folder).address(of: self["DOCKER_CONTEXT"])
  }

  /// The usual sockets: the user's before the system's, except for root.
  private func sockets(of kind: EngineKind) -> [String] {
    let runtime = isRoot ? nil : self["XDG_RUNTIME_DIR"]
    switch kind {
    case .docker:
      return (runtime.map { [$0 + "/docker.sock"] } ?? []) + [root + "/var/run/docker.sock"]
    case .podman:
      let own = self["XDG_RUNTIME_DIR"].map { [$0 + "/podman/podman.sock"] } ?? []
      let system = [root + "/run/podman/podman.sock"]
      return isRoot ? system + own : own + system
    }
  }
}
