import ExecEngine
import Glibc
import Synchronization

/// The pipe from which bubblewrap reads the filter of system calls, and behind which it waits.
///
/// bubblewrap reads the filter when the sandbox is made and before there is a command in it. So a command starts only
/// when this process wants it: without the filter, and with a part of it, bubblewrap ends. What dies between making
/// the process and opening the gate leaves nothing behind.
final class FilterGate: Sendable {
  private struct Ends {
    let reading: OwnedFile
    let writing: OwnedFile
  }

  private let ends: Mutex<Ends?>
  private let program: [UInt8]
  /// What bubblewrap inherits.
  let descriptor: Int32

  /// Makes a closed gate.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` without descriptors, or without a filter.
  convenience init() throws(BoxError) { try self.init(program: SandboxFilter.program()) }

  /// Makes one with other instructions.
  init(program: [UInt8]) throws(BoxError) {
    self.program = program
    let pipe = try StandardStreams.Pipe()
    let ends = Ends(reading: OwnedFile(pipe.reading.take()), writing: OwnedFile(pipe.writing.take()))
    descriptor = ends.reading.raw
    self.ends = Mutex(ends)
  }

  /// Lets bubblewrap go on; false when it cannot.
  ///
  /// The reading end is still open here, so that a bubblewrap that has ended is no broken pipe. An empty pipe takes
  /// 8 KiB at least, so that nothing waits.
  func open() -> Bool {
    let ends = ends.withLock { ends in
      defer { ends = nil }
      return ends
    }
    guard let ends else { return false }
    return write(ends.writing.raw, program, program.count) == program.count
  }

  /// Closes it for good: what waits behind it ends.
  func close() { ends.withLock { $0 = nil } }
}
