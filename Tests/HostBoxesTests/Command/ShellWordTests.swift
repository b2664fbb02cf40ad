import Testing

@testable import HostBoxes

@Suite
struct ShellWordTests {
  @Test(arguments: [
    ("plain", "plain"), ("/usr/bin/env", "/usr/bin/env"), ("", "''"), ("two words", "'two words'"),
    ("it's", #"'it'\''s'"#), ("'", #"''\'''"#), ("$HOME", "'$HOME'"), ("a=b", "'a=b'"), ("~", "'~'"),
    ("'\u{301};x", "''\\''\u{301};x'"),
  ])
  func `a word is quoted when a shell would change it`(word: String, quoted: String) {
    #expect(ShellWord.quoted(word) == quoted)
  }

  @Test
  func `words are joined by spaces`() {
    #expect(ShellWord.joined(["echo", "a b", ""]) == "echo 'a b' ''")
  }
}
