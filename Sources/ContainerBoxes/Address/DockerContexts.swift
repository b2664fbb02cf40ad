import Boxes
import ExecModel
import JSON

/// Docker's contexts: named engines in `~/.docker` (`config.json` and `contexts/meta/HASH/meta.json`).
struct DockerContexts {
  let folder: String

  /// The address of a context, or of the current one; nil for the default, which is no context.
  ///
  /// - Throws: ``TextValueError`` when the context is missing or cannot be used.
  func address(of wanted: String?) throws(TextValueError) -> EngineAddress? {
    guard let name = wanted ?? current(), name != "default", !name.isEmpty else { return nil }
    for hash in ProcessDirectory.names(in: folder + "/contexts/meta") {
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
    let hasTLS = !ProcessDirectory.names(in: certificates).isEmpty
    let verifies = endpoint?["SkipTLSVerify"]?.bool != true
    return try EngineAddress(text: host, tls: hasTLS ? TLSFiles(folder: certificates, verifies: verifies) : nil)
  }

  private func json(_ name: String) -> JSONValue? {
    SmallFile.read(folder + "/" + name).flatMap { try? JSONValue(parsing: $0) }
  }
}
