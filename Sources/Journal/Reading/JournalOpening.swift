import Glibc
import SystemPackage

/// Reads a journal's header and spec, and says in words what is wrong with them.
enum JournalOpening {
  private static let attempt = "read the journal"

  /// Checks the header page.
  static func header(of file: Int32, _ path: String) throws(JournalError) -> JournalHeader {
    let page = UnsafeMutableRawBufferPointer.allocate(byteCount: JournalHeader.size, alignment: 8)
    defer { page.deallocate() }
    let count: Int
    do throws(Errno) {
      guard try FileCalls.size(of: file).isRegular else { throw Errno.badMessage }
      count = try FileCalls.read(file, at: 0, into: page)
    } catch { throw failure(error, path) }
    if let complaint = JournalHeader.complaint(about: UnsafeRawBufferPointer(rebasing: page[..<count])) {
      throw .damaged(path, attempt: attempt, complaint)
    }
    guard let header = heads(of: file) else { throw .damaged(path, attempt: attempt, "its header is damaged") }
    return header
  }

  private static func failure(_ error: Errno, _ path: String) -> JournalError {
    guard error == .badMessage else { return JournalError(errno: error, path: path, attempt: attempt) }
    return .damaged(path, attempt: attempt, "it is no file of a journal")
  }

  /// Reads the heads; again when a write came in between, which no writer does a hundred times in a row.
  static func heads(of file: Int32) -> JournalHeader? {
    withUnsafeTemporaryAllocation(byteCount: JournalHeader.headsSize, alignment: 8) { bytes in
      for _ in 0..<100 {
        let count = try? FileCalls.read(file, at: UInt64(JournalHeader.headsOffset), into: bytes)
        guard count == bytes.count else { return nil }
        if let header = JournalHeader.loadHeads(UnsafeRawBufferPointer(bytes)) { return header }
      }
      return nil
    }
  }

  /// Reads `spec.json`.
  static func document(in folder: Int32, _ path: String) throws(JournalError) -> SpecDocument {
    let bytes: [UInt8]
    do throws(Errno) { bytes = try contents(in: folder) } catch { throw failure(error, path) }
    guard !bytes.isEmpty else {
      throw .damaged(path, attempt: attempt, "it is empty: the journal is being made, or its writer died making it")
    }
    guard let document = try? SpecDocument(decoding: bytes) else {
      throw .damaged(path, attempt: attempt, "it is no spec of an execution")
    }
    return document
  }

  private static func contents(in folder: Int32) throws(Errno) -> [UInt8] {
    let file = try Descriptor.open(SpecDocument.fileName, in: folder, flags: O_RDONLY | O_NONBLOCK)
    let (length, isRegular) = try FileCalls.size(of: file.raw)
    guard isRegular, length <= SpecDocument.maximumLength else { throw .badMessage }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Int(length), alignment: 8)
    defer { buffer.deallocate() }
    let count = try FileCalls.read(file.raw, at: 0, into: buffer)
    return [UInt8](buffer[..<count])
  }
}
