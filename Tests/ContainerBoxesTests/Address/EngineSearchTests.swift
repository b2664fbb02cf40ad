import ExecEngine
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import ContainerBoxes

@Suite struct EngineSearchTests {
  private let folder = ScratchFolder()
  private var root: String { folder.path.string }

  private func search(_ variables: [String: String] = [:], isRoot: Bool = true) -> EngineSearch {
    EngineSearch(variables: variables, home: root + "/home", isRoot: isRoot, root: root)
  }

  private func write(_ name: String, _ text: String) throws {
    var path = root
    let parts = name.split(separator: "/")
    for part in parts.dropLast() {
      path += "/" + part
      mkdir(path, 0o700)
    }
    let file = try #require(fopen(root + "/" + name, "w"))
    fputs(text, file)
    fclose(file)
  }

  @Test func `a variable comes first`() throws {
    try write("var/run/docker.sock", "")
    #expect(try search(["DOCKER_HOST": "unix:///x"]).address(of: .docker) == .unix("/x"))
    #expect(try search(["CONTAINER_HOST": "unix:///y"]).address(of: .podman) == .unix("/y"))
    #expect(try search(["DOCKER_HOST": ""]).address(of: .docker) == .unix(root + "/var/run/docker.sock"))
  }

  @Test func `certificates come from their folder, or docker's own`() throws {
    let variables = ["DOCKER_HOST": "tcp://h", "DOCKER_TLS_VERIFY": "1"]
    let own = TLSFiles(folder: root + "/home/.docker")
    #expect(try search(variables).address(of: .docker) == .network(host: "h", port: 2376, tls: own))
    let named = variables.merging(["DOCKER_CERT_PATH": "/c"]) { $1 }
    #expect(try search(named).address(of: .docker) == .network(host: "h", port: 2376, tls: TLSFiles(folder: "/c")))
  }

  @Test func `the current context is followed, with its certificates`() throws {
    try write("home/.docker/config.json", #"{"auths": {}, "currentContext": "far"}"#)
    try write("home/.docker/contexts/meta/aa/meta.json", #"{"Name": "near", "Endpoints": {}}"#)
    try write(
      "home/.docker/contexts/meta/bb/meta.json",
      #"{"Name": "far", "Endpoints": {"docker": {"Host": "tcp://far:1", "SkipTLSVerify": true}}}"#)
    #expect(try search().address(of: .docker) == .network(host: "far", port: 1, tls: nil))
    try write("home/.docker/contexts/tls/bb/docker/ca.pem", "")
    let files = TLSFiles(folder: root + "/home/.docker/contexts/tls/bb/docker", verifies: false)
    #expect(try search().address(of: .docker) == .network(host: "far", port: 1, tls: files))
    let near = #expect(throws: BoxError.self) { try search(["DOCKER_CONTEXT": "near"]).address(of: .docker) }
    #expect(near?.description.contains("'near'") == true)
    let none = #expect(throws: BoxError.self) { try search(["DOCKER_CONTEXT": "none"]).address(of: .docker) }
    #expect(none?.description.contains("'none'") == true)
  }

  @Test(arguments: ["", "{", "[]", #"{"currentContext": 3}"#, #"{"currentContext": "default"}"#])
  func `settings that name no context leave the usual socket`(text: String) throws {
    try write("home/.docker/config.json", text)
    try write("var/run/docker.sock", "")
    #expect(try search().address(of: .docker) == .unix(root + "/var/run/docker.sock"))
  }

  @Test func `a user's own podman comes before the system's, and for root after it`() throws {
    try write("run/podman/podman.sock", "")
    try write("own/podman/podman.sock", "")
    let variables = ["XDG_RUNTIME_DIR": root + "/own"]
    #expect(try search(variables, isRoot: false).address(of: .podman) == .unix(root + "/own/podman/podman.sock"))
    #expect(try search(variables).address(of: .podman) == .unix(root + "/run/podman/podman.sock"))
  }

  @Test(arguments: EngineKind.allCases)
  func `without any socket the places are named`(kind: EngineKind) throws {
    let error = #expect(throws: BoxError.self) { try search().address(of: kind) }
    #expect(error?.description.contains(kind.rawValue + ".sock") == true)
    #expect(error?.description.contains("\n") == false)
  }
}
