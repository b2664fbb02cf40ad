import Testing

@testable import ContainerBoxes

struct EngineCutTests {
  private static let words = "Error: read unixpacket @->/proc/self/fd/13/attach: read: connection reset by peer"

  @Test(arguments: ["", "\n", "\r\n"]) func `podman's words at the end are a cut`(end: String) {
    #expect(EngineCut.ends(Array("some output\n\(Self.words)\(end)".utf8)))
    #expect(EngineCut.ends(Array("no newline before\(Self.words)\(end)".utf8)))
  }

  @Test(arguments: ["", "\n", "fine\n", words + "\nmore\n", "connection reset by peer\n", "Error: read unixpacket \n"])
  func `anything else is none`(text: String) {
    #expect(!EngineCut.ends(Array(text.utf8)))
  }
}
