import BoxLiteWire
import NIOHTTP1
import Testing

@testable import BoxLiteServer

@Suite struct ServerNamesTests {
  private func refusal(_ address: String, _ hosts: String...) throws -> String? {
    try ServerNames(ListenAddress(text: address))?.objection(to: hosts)
  }

  @Test(arguments: [
    "localhost", "localhost:8100", "LocalHost:1", "127.0.0.1", "127.0.0.1:8100", "127.9.9.9", "[::1]", "[::1]:8100",
  ])
  func `loopback names and numbers mean this server`(host: String) throws {
    #expect(try refusal("127.0.0.1:8100", host) == nil)
    #expect(try refusal("[::1]:8100", host) == nil)
  }

  @Test(arguments: [
    "evil.example", "evil.example:8100", "localhost.evil.example", "127.0.0.1.evil.example", "127.0.0", "", ":8100",
    "192.168.1.5", "[::2]", "[::1", "localhost@evil.example", "evil.example:80:90", "127.0.0.256", "0.0.0.0",
  ])
  func `any other name does not`(host: String) throws {
    let words = try #require(try refusal("127.0.0.1:8100", host))
    #expect(words.contains("'\(host)'") && words.contains("127.0.0.1:8100") && words.contains("key"))
  }

  @Test func `the listening address means this server, by number or name`() throws {
    #expect(try refusal("192.168.1.5:8100", "192.168.1.5:8100") == nil)
    #expect(try refusal("Build.Example:8100", "build.example") == nil)
    #expect(try refusal("[fe80::1]:8100", "[FE80::1]:8100") == nil)
    #expect(try refusal("192.168.1.5:8100", "192.168.1.6") != nil)
  }

  @Test(arguments: ["0.0.0.0:8100", "[::]:8100"])
  func `a server on all addresses has every number, and no foreign name`(address: String) throws {
    for host in ["192.168.1.5", "10.0.0.1:8100", "[fe80::1]:8100", "localhost"] {
      #expect(try refusal(address, host) == nil, "\(host)")
    }
    #expect(try refusal(address, "evil.example") != nil)
  }

  @Test func `exactly one Host header is required`() throws {
    #expect(ServerNames(.standard)?.objection(to: []) != nil)
    #expect(try refusal("127.0.0.1:8100", "localhost", "evil.example") != nil)
  }

  @Test func `a key or a Unix socket makes names mean nothing`() {
    let elsewhere = HTTPHeaders([("host", "evil.example")])
    #expect(Admission(key: nil, at: .unix(path: "/s")).refusal(of: elsewhere) == nil)
    #expect(Admission(key: nil, at: .standard).refusal(of: elsewhere)?.kind == .permissionDenied)
    #expect(Admission(key: nil, at: .standard).refusal(of: elsewhere, isOpen: true)?.kind == .permissionDenied)
    #expect(Admission(key: "k", at: .standard).refusal(of: elsewhere)?.kind == .unauthenticated)
    #expect(Admission(key: "k", at: .standard).refusal(of: elsewhere, isOpen: true) == nil)
    let shown = HTTPHeaders([("host", "evil.example"), ("authorization", "Bearer k")])
    #expect(Admission(key: "k", at: .standard).refusal(of: shown) == nil)
  }
}
