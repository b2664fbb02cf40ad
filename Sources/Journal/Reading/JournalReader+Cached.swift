public import ExecModel
import SystemPackage

extension JournalReader {
  /// Reads as ``read(_:at:into:)`` does, but nothing that the disk would have to be waited for: nil then.
  ///
  /// For threads that have others waiting; fewer bytes than there are may come.
  ///
  /// - Throws: ``JournalError`` when the file cannot be opened or read.
  public func readCached(
    _ stream: ExecStream, at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(JournalError) -> ReadResult? {
    if let memory = writer?.memory[stream] { return readMemory(memory, stream, at: offset, into: buffer) }
    let count = try withFile(of: stream) { (file) throws(Errno) -> Int? in
      guard let file else { return 0 }
      return try FileCalls.readCached(file, at: offset, into: buffer)
    }
    guard let count else { return nil }
    // After the read, as there: a head is written before its hole is punched.
    let head = heads()[stream]
    return head > offset ? .evicted(upTo: head) : .bytes(count)
  }
}
