import ExecModel
import Testing

@testable import BoxLiteServer

@Suite struct ListenAddressTests {
  @Test(arguments: ["127.0.0.1:8100", "[::1]:80", "unix:/run/x.sock", "example.org:0"])
  func `an address is written as it is read`(text: String) throws {
    #expect(try ListenAddress(text: text).description == text)
  }

  @Test(arguments: ["", "8100", "host", ":80", "host:99999", "host:-1", "unix:"])
  func `an invalid address is refused`(text: String) {
    #expect(throws: TextValueError.self) { try ListenAddress(text: text) }
  }

  @Test func `only loopback and Unix sockets are local`() throws {
    for text in ["127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "localhost:1", "unix:x"] {
      #expect(try ListenAddress(text: text).isLocal, "\(text)")
    }
    for text in ["0.0.0.0:1", "[::]:1", "10.0.0.1:1", "127.0.0.1.evil.org:1", "127.evil:1", "example.org:1"] {
      #expect(try !ListenAddress(text: text).isLocal, "\(text)")
    }
  }
}
