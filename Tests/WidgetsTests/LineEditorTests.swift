import Testing
import Widgets

@Suite struct LineEditorTests {
  private func edited(_ text: String, _ commands: [EditCommand], history: [String] = []) -> String {
    var editor = LineEditor(text)
    for command in commands { editor.perform(command, history: history) }
    return editor.textBeforeCursor + "|" + editor.text.dropFirst(editor.textBeforeCursor.count)
  }

  @Test func `the cursor moves and deletes on both sides`() {
    #expect(edited("one two", []) == "one two|")
    #expect(edited("one two", [.left, .left, .deleteBefore]) == "one |wo")
    #expect(edited("one two", [.start, .deleteAfter]) == "|ne two")
    #expect(edited("one two ", [.deleteWord]) == "one |")
    #expect(edited("one two", [.left, .deleteToStart]) == "|o")
    #expect(edited("one two", [.start, .right, .deleteToEnd]) == "o|")
    #expect(edited("", [.left, .right, .deleteBefore, .deleteAfter, .deleteWord]) == "|")
  }

  @Test func `the history goes back and forth, and what was being typed comes back`() {
    let history = ["first", "second"]
    #expect(edited("ty", [.historyBack], history: history) == "second|")
    #expect(edited("ty", [.historyBack, .historyBack, .historyBack], history: history) == "first|")
    #expect(edited("ty", [.historyBack, .historyForward, .historyForward], history: history) == "ty|")
  }

  @Test func `wide and combined characters are one step each`() {
    var editor = LineEditor("日e\u{301}")
    editor.perform(.deleteBefore)
    #expect(editor.text == "日")
  }

  @Test func `pasted line breaks become blanks unless they are wanted`() {
    var editor = LineEditor()
    editor.insert("a\r\nb\nc")
    #expect(editor.text == "a b c")
    var input = LineEditor()
    input.insert("a\r\nb", keepsLines: true)
    #expect(input.text == "a\nb")
  }

  @Test func `a line has an end`() {
    var editor = LineEditor()
    editor.insert(String(repeating: "x", count: LineEditor.limit + 5))
    editor.insert("y")
    #expect(editor.text.count == LineEditor.limit)
  }
}
