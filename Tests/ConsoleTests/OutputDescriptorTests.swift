import Console
import Glibc
import Linux
import Testing

@Suite struct OutputDescriptorTests {
  private func write(_ bytes: [UInt8], to output: OutputDescriptor) throws -> OutputDescriptor.Result {
    try bytes.withUnsafeBytes { try output.write($0) }
  }

  @Test func `an output without a reader is closed, and stays closed`() throws {
    signal(SIGPIPE, SIG_IGN)
    var pipe = try Pipe()
    pipe.reading.close()
    let output = OutputDescriptor(pipe.writing.raw)
    for _ in 0..<2 { #expect(try write([1], to: output) == .closed) }
    pipe.writing.close()
  }

  @Test func `an output that cannot be written is a failure with the reason`() {
    #expect(throws: Failure.self) { try write([1], to: OutputDescriptor(-1)) }
  }

  @Test(.timeLimit(.minutes(1))) func `a write is complete where a pipe takes a part at a time`() throws {
    var pipe = try Pipe()
    try pipe.writing.setNonBlocking(true)
    let bytes = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 / 251) }
    let number = pipe.writing.move().take()
    let failure = DetachedThread.start(name: "writer") {
      _ = try? bytes.withUnsafeBytes { try OutputDescriptor(number).write($0) }
      close(number)
    }
    #expect(failure == nil)
    var (read, part) = ([UInt8](), [UInt8](repeating: 0, count: 1000))
    while case let count = Glibc.read(pipe.reading.raw, &part, part.count), count > 0 { read += part.prefix(count) }
    #expect(read == bytes)
    pipe.reading.close()
  }
}
