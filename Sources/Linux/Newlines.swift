import CExecShims
import Glibc

// Newlines in the bytes of a stream: counted 32 at a time where the processor has AVX2, found by memchr(3).
extension UnsafeRawBufferPointer {
  /// The number of newline bytes.
  package var newlineCount: UInt64 { cexec_count_newlines(baseAddress, count) }

  /// The offset of the first newline byte.
  package var firstNewline: Int? {
    guard let start = baseAddress, let found = memchr(start, 10, count) else { return nil }
    return UnsafeRawPointer(found) - start
  }

  /// The offset of the last newline byte.
  package var lastNewline: Int? {
    let found = cexec_last_newline(baseAddress, count)
    return found < 0 ? nil : Int(found)
  }
}
