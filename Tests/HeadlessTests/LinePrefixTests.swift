import ExecModel
import Testing

@testable import Headless

@Suite struct LinePrefixTests {
  /// The wall clock of these tests: 2026-11-24T06:20:01.000042Z.
  private let moment: UInt64 = 1_795_501_201_000_042_999

  @Test func `one command's lines need no name`() {
    #expect(LinePrefix(name: "make -j2", isAlone: true, false).text(.stderr, at: moment) == "stderr | ")
  }

  @Test func `several commands' lines have it, on one line`() {
    let prefix = LinePrefix(name: "sh -c\n'a\r\nb'", isAlone: false, false)
    #expect(prefix.text(.stdout, at: moment) == "sh -c^J'a^M^Jb' stdout | ")
  }

  @Test func `a time stands first, and alone without the stream's name`() {
    #expect(
      LinePrefix(name: "x", isAlone: true, true).text(.stdout, at: moment) == "2026-11-24T06:20:01.000042Z stdout | ")
    #expect(LinePrefix(name: nil, isAlone: true, true).text(.stdout, at: moment) == "2026-11-24T06:20:01.000042Z | ")
  }

  @Test func `an impossible time is unknown`() {
    #expect(LinePrefix(name: nil, isAlone: true, true).text(.stdout, at: nil) == "(unknown time) | ")
  }
}
