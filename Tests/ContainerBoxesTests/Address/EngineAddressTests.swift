import ExecModel
import Testing

@testable import ContainerBoxes

@Suite struct EngineAddressTests {
  @Test(arguments: [
    ("unix:///run/x.sock", EngineAddress.unix("/run/x.sock")), ("/run/x.sock", .unix("/run/x.sock")),
    ("tcp://host:1234", .network(host: "host", port: 1234, tls: nil)),
    ("tcp://host", .network(host: "host", port: 2375, tls: nil)),
    ("tcp://[::1]:99", .network(host: "::1", port: 99, tls: nil)),
    ("http://host:80/path", .network(host: "host", port: 80, tls: nil)),
  ])
  func `addresses are read as docker writes them`(text: String, address: EngineAddress) throws {
    #expect(try EngineAddress(text: text) == address)
  }

  @Test func `with certificates a tcp address has the other port`() throws {
    let files = TLSFiles(folder: "/c")
    #expect(try EngineAddress(text: "tcp://host", tls: files) == .network(host: "host", port: 2376, tls: files))
  }

  @Test(arguments: [
    "", "unix://", "unix://relative", "tcp://", "tcp://:1", "tcp://host:0", "tcp://host:65536", "tcp://host:x",
    "ftp://host",
    "ssh://host", "npipe:////./pipe/x", "host:1234",
  ])
  func `an unsupported address is refused in one line`(text: String) {
    let error = #expect(throws: TextValueError.self) { try EngineAddress(text: text) }
    #expect(error?.description.contains("\n") == false)
  }
}
