import FoundationEssentials
import TestSupport
import Testing

@testable import JSON

@Suite struct Base64Tests {
  /// The vectors of RFC 4648, section 10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ])
  func `the vectors of the standard come out`(text: String, encoded: String) {
    #expect(Base64.encode(text.utf8) == encoded)
  }

  @Test func `random bytes of any length read back as they were`() {
    var random = SeededGenerator()
    for length in 0..<200 {
      let bytes = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      #expect(Data(base64Encoded: Base64.encode(bytes)) == Data(bytes), "seed \(random.seed)")
    }
  }
}
