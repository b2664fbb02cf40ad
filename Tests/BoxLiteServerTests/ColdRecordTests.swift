import ExecEngine
import ExecModel
import Glibc
import SystemPackage
import Testing

@Suite struct ColdRecordTests {
  /// Has the kernel write a file out and drop it from memory.
  private func chill(_ path: FilePath) {
    let file = open(path.string, O_RDONLY | O_CLOEXEC)
    defer { close(file) }
    fsync(file)
    posix_fadvise(file, 0, 0, Int32(POSIX_FADV_DONTNEED))
  }

  @Test func `a record that is on the disk only is sent whole, beside live ones`() throws {
    let fixture = try ServerFixture()
    let path = try fixture.execute("seq 1 400000; seq 1 1000 >&2; exit 3")
    let id = try #require(ExecutionID(String(path.split(separator: "/").last ?? "")))
    _ = try fixture.end(id)
    let folder = fixture.engine.journalDirectory(id)
    for name in ["stdout", "stderr", "events"] { chill(folder.appending(name)) }
    let live = try fixture.attach(try fixture.execute("cat") + "/attach")
    let cold = try fixture.attach(path + "/attach?stdin=0")
    live.frame(0x82, Array("meanwhile\n".utf8))
    live.frame(0x81, Array(#"{"type":"stdin_eof"}"#.utf8))
    #expect(String(decoding: live.session().stdout, as: UTF8.self) == "meanwhile\n")
    let seen = cold.session()
    #expect(seen.stdout == Array((1...400_000).map { "\($0)\n" }.joined().utf8))
    #expect(seen.stderr == Array((1...1000).map { "\($0)\n" }.joined().utf8))
    #expect(seen.texts == [#"{"type":"exit","exit_code":3}"#])
  }
}
