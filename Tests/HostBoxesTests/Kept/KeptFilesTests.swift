import ExecEngine
import Glibc
import Testing

@testable import HostBoxes

/// The files of the kept boxes, without a sandbox.
@Suite struct KeptFilesTests {
  private let scratch = Scratch()

  @Test func `a process that holds the lock and does not finish is waited for, but not for ever`() throws {
    chmod(scratch.path, 0o700)
    let files = KeptFiles(folder: scratch.path + "/boxes")
    try files.locked { () throws(BoxError) in
      let error = #expect(throws: BoxError.self) { try files.locked(patience: 20) {} }
      #expect(error?.description.contains("is it stopped?") == true)
    }
    try files.locked(patience: 0) {}
  }
}
