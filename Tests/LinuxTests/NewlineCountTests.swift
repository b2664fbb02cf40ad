import CExecShims
import TestSupport
import Testing

@testable import Linux

@Suite struct NewlineCountTests {
  @Test func `the fast count equals a naive one at every alignment and length`() {
    var random = SeededGenerator(seed: 20_261_124)
    let bytes = (0..<(8192 + 600)).map { _ in UInt8.random(in: 9...11, using: &random) }
    bytes.withUnsafeBytes { bytes in
      for start in 0..<64 {
        for count in Array(0..<200) + [255, 256, 4095, 8160, 8161, 8192, 8500] {
          let part = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + count)])
          let naive = UInt64(part.count { $0 == 10 })
          #expect(part.newlineCount == naive, "\(start)+\(count)")
          #expect(cexec_count_newlines_plain(part.baseAddress, count) == naive, "\(start)+\(count)")
        }
      }
    }
  }

  @Test func `nothing but newlines overflows no lane`() {
    let bytes = [UInt8](repeating: 10, count: 1 << 20)
    #expect(bytes.withUnsafeBytes { $0.newlineCount } == 1 << 20)
    #expect(UnsafeRawBufferPointer(start: nil, count: 0).newlineCount == 0)
  }

  @Test func `first and last newline are found`() {
    let bytes = Array("ab\ncd\nef".utf8)
    bytes.withUnsafeBytes { bytes in
      #expect(bytes.firstNewline == 2 && bytes.lastNewline == 5)
      let line = UnsafeRawBufferPointer(rebasing: bytes[..<2])
      #expect(line.firstNewline == nil && line.lastNewline == nil)
    }
    let none = UnsafeRawBufferPointer(start: nil, count: 0)
    #expect(none.firstNewline == nil && none.lastNewline == nil)
  }
}
