import ExecEngine
import ExecModel
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import ContainerBoxes

@Suite struct UnreachableEngineTests {
  private func error(_ address: EngineAddress) -> BoxError? {
    let box = ContainerBox(EngineAccess(.docker, at: address), container: "web")
    return #expect(throws: BoxError.self) { try box.start(ExecutionSpec(command: ["true"]), reportingTo: NoSink()) }
  }

  @Test func `a socket that does not exist is named`() {
    let error = error(.unix("/nowhere/docker.sock"))
    #expect(error?.failure == .box)
    #expect(error?.description.contains("'") == true || error?.description.contains("/nowhere/docker.sock") == true)
    #expect(error?.description.contains("does not exist") == true)
  }

  @Test func `a socket without a listener and a missing socket have different messages`() throws {
    let folder = ScratchFolder()
    let path = folder.path.appending("s").string
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    #expect(bound == 0)
    close(descriptor)
    #expect(error(.unix(path))?.description.contains("refused") == true)
  }

  @Test func `a port without a listener and an unknown host name are reported`() {
    #expect(error(.network(host: "127.0.0.1", port: 1, tls: nil))?.description.contains("refused") == true)
    #expect(
      error(.network(host: "no.such.host.invalid", port: 1, tls: nil))?.description.contains("no.such.host.invalid")
        == true)
  }

  @Test func `unreadable certificates are reported`() throws {
    let folder = ScratchFolder()
    let file = try #require(fopen(folder.path.appending("cert.pem").string, "w"))
    fputs("nonsense", file)
    fclose(file)
    let address = EngineAddress.network(host: "127.0.0.1", port: 1, tls: TLSFiles(folder: folder.path.string))
    #expect(error(address)?.description.contains("certificates") == true)
  }
}
