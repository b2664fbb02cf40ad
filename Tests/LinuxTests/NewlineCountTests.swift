import CExecShims
import TestSupport
import Testing

@Suite struct NewlineCountTests {
  @Test func `the fast count equals a naive one at every alignment and length`() {
    var random = SeededGenerator(seed: 20_261_124)
    let bytes = (0..<(8192 + 600)).map { _ in UInt8.random(in: 9...11, using: &random) }
    bytes.withUnsafeBytes { bytes in
      for start in 0..<64 {
        for count in Array(0..<200) + [255, 256, 4095, 8160, 8161, 8192, 8500] {
          let part = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + count)])
          let naive = UInt64(part.count { $0 == 10 })
          #expect(cexec_count_newlines(part.baseAddress, count) == naive, "\(start)+\(count)")
          #expect(cexec_count_newlines_plain(part.baseAddress, count) == naive, "\(start)+\(count)")
        }
      }
    }
  }

  @Test func `nothing but newlines overflows no lane`() {
    let bytes = [UInt8](repeating: 10, count: 1 << 20)
    #expect(bytes.withUnsafeBytes { cexec_count_newlines($0.baseAddress, $0.count) } == 1 << 20)
    #expect(cexec_count_newlines(nil, 0) == 0)
  }

  @Test func `first and last newline are found`() {
    let bytes = Array("ab\ncd\nef".utf8)
    bytes.withUnsafeBytes { bytes in
      #expect(cexec_first_newline(bytes.baseAddress, bytes.count) == 2)
      #expect(cexec_last_newline(bytes.baseAddress, bytes.count) == 5)
      #expect(cexec_first_newline(bytes.baseAddress, 2) == -1)
      #expect(cexec_last_newline(bytes.baseAddress, 2) == -1)
      #expect(cexec_first_newline(nil, 0) == -1)
      #expect(cexec_last_newline(nil, 0) == -1)
    }
  }
}
