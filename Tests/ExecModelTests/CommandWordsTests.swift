import ExecModel
import Testing

@Suite struct CommandWordsTests {
  @Test(arguments: [
    ("make -j2", ["make", "-j2"]), ("  a   b  ", ["a", "b"]), ("", []), ("''", [""]),
    ("sh -c 'echo \"x y\" && exit 0'", ["sh", "-c", "echo \"x y\" && exit 0"]), (#"a\ b c"#, ["a b", "c"]),
    (#""a \"b\" \n" c"#, [#"a "b" \n"#, "c"]), (#"'a\b'"#, [#"a\b"#]), ("a'b'\"c\"d", ["abcd"]), ("é ü", ["é", "ü"]),
  ])
  func `words are split as a shell splits them`(text: String, words: [String]) throws {
    #expect(try CommandWords.split(text) == words)
  }

  @Test func `what cannot be split says why`() {
    #expect(throws: CommandWords.Problem.openQuote("'")) { try CommandWords.split("a 'b") }
    #expect(throws: CommandWords.Problem.openEscape) { try CommandWords.split("a \\") }
    #expect(throws: CommandWords.Problem.nul) { try CommandWords.split("a\0b") }
  }

  @Test(arguments: [["sh", "-c", "sleep 60 & echo hi"], ["a'b", "", "\\", "é"], ["$x", "*"]])
  func `joined words split into themselves again`(words: [String]) throws {
    #expect(try CommandWords.split(CommandWords.joined(words)) == words)
  }
}
