import ExecModel
import Testing

@testable import BoxLiteClient

@Suite struct ServerNoteTests {
  @Test func `our server's notes about its output are understood`() {
    #expect(ServerNote(message: "stderr truncated: something", code: "output_truncated") == .truncated(.stderr))
    #expect(ServerNote(message: "stdout and stderr truncated", code: "output_truncated") == .truncated(.both))
    #expect(ServerNote(message: "", code: "output_truncated") == .truncated(.both))
    #expect(
      ServerNote(message: "stderr: bytes 10 to 99 are gone", code: "output_lost") == .missing(.stderr, before: 99))
    #expect(ServerNote(message: "", code: "output_may_repeat") == .mayRepeat)
    #expect(ServerNote(message: "", code: "output_replayed") == .replayed)
  }

  @Test(arguments: ["", "stdout: bytes", "stdin: bytes 1 to 2", "stdout: bytes -1 to 99999999999999999999999"])
  func `an unreadable note is ignored`(message: String) {
    #expect(ServerNote(message: message, code: "output_lost") == .other)
    #expect(ServerNote(message: message, code: "new_code") == .other)
  }
}
