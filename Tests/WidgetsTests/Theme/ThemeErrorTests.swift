import Testing
import Widgets

@Suite struct ThemeErrorTests {
  private func error(_ yaml: String, _ others: [String: String] = [:]) -> String {
    do {
      _ = try Theme(yaml: yaml, file: "mine.yaml") { others[$0] }
      return "no error"
    } catch { return error.description }
  }

  @Test func `an unknown role is named with its place and the near ones`() {
    #expect(
      error("roles:\n  exec.runing: red\n")
        == "mine.yaml:2:3: role exec.runing: there is no such role; did you mean exec.running?")
  }

  @Test func `an unknown colour is named with its place and its role`() {
    let text = error("palette:\n  sea: \"#00aaff\"\nroles:\n  error:\n    fg: see\n")
    #expect(text == "mine.yaml:5:9: role error: no colour 'see'; did you mean sea?")
  }

  @Test func `sections, properties and modifiers are checked`() {
    #expect(error("role: {}").hasPrefix("mine.yaml:1:1: no section 'role'; did you mean roles"))
    #expect(error("roles: {gap: {foreground: red}}").contains("1:15: role gap: no property 'foreground'"))
    #expect(error("roles: {gap: {modifiers: [bald]}}").contains("role gap: no modifier 'bald'; did you mean bold"))
    #expect(error("palette: {a: \"#12345\"}").contains("1:14: '#12345' is not a colour"))
  }

  @Test func `tiers refuse what their terminals do not have`() {
    #expect(error("ansi16:\n  gap: \"#123456\"\n").contains("2:8: role gap: the ansi16 section takes the sixteen"))
    #expect(error("ansi16:\n  gap: 17\n").contains("colours 0 to 15 only"))
    #expect(error("mono:\n  gap: red\n").contains("role gap: the mono section has no colours"))
  }

  @Test func `wrong shapes are reported with their place`() {
    #expect(error("- a\n- b\n").contains("mine.yaml:1:1: a theme must be a mapping"))
    #expect(error("roles:\n  gap: [red]\n").contains("mine.yaml:2:8: role gap: a role must be a mapping"))
    #expect(error("roles: red").contains("a section of roles must be a mapping"))
    #expect(error("name: [x]").contains("a single value is expected"))
  }

  @Test func `broken YAML and doubled keys have a place`() {
    #expect(error("roles:\n  gap: \"red\n").hasPrefix("mine.yaml:"))
    #expect(error("roles:\n  gap: red\n  gap: blue\n").contains("gap given twice"))
  }

  @Test func `an inherited theme that is missing, broken or circular is reported`() {
    #expect(error("inherits: nowhere") == "mine.yaml:1:11: there is no theme 'nowhere' to inherit from")
    #expect(error("inherits: base", ["base": "roles: {x: red}"]).hasPrefix("base.yaml:1:9: role x"))
    let circle = error("inherits: a", ["a": "inherits: b", "b": "inherits: mine"])
    #expect(circle == "b.yaml:1:11: the themes inherit from each other in a cycle: mine → a → b → mine")
  }

  @Test func `a file that is too large is refused`() {
    #expect(error(String(repeating: "# a comment\n", count: 30_000)).contains("larger than 256 KiB"))
  }
}
