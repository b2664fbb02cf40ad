import Cells
import Testing
import Widgets

@Suite struct ThemeTests {
  private func theme(_ yaml: String, _ others: [String: String] = [:]) throws -> Theme {
    try Theme(yaml: yaml, file: "mine.yaml") { others[$0] }
  }

  @Test func `a role takes what it does not say from the role without its last part`() throws {
    let theme = try theme(
      """
      roles:
        text: {fg: white, bg: "#101010"}
        stream: {fg: "#ff0000", modifiers: [bold]}
        stream.stderr: {modifiers: []}
      """)
    let stderr = theme.style(.streamStderr, depth: .truecolor)
    #expect(stderr == Style(foreground: .rgb(255, 0, 0), background: .rgb(16, 16, 16)))
    #expect(theme.style(.streamStdout, depth: .truecolor).attributes == .bold)
    #expect(theme.style(.gap, depth: .truecolor) == theme.style(.text, depth: .truecolor))
  }

  @Test func `colours are palette names, hex, ANSI names, numbers, and the terminal's own`() throws {
    let theme = try theme(
      """
      palette: {sea: "#00aaff", red: "#bf616a"}
      roles:
        gap: sea
        error: red
        info: bright-blue
        warning: 214
        dim: ""
      """)
    let expected: [Role: Color] = [
      .gap: .rgb(0, 170, 255), .error: .rgb(191, 97, 106), .info: .indexed(12), .warning: .indexed(214),
      .dim: .standard,
    ]
    for (role, color) in expected { #expect(theme.style(role, depth: .truecolor).foreground == color, "\(role)") }
  }

  @Test func `the depth picks the tier, and eight colours make bright ones bold`() throws {
    let theme = try theme(
      """
      roles: {error: "#ff0000"}
      ansi16: {error: bright-red}
      mono: {error: {modifiers: [reverse]}}
      """)
    #expect(theme.style(.error, depth: .truecolor) == Style(foreground: .rgb(255, 0, 0)))
    #expect(theme.style(.error, depth: .sixteen) == Style(foreground: .indexed(9)))
    #expect(theme.style(.error, depth: .eight) == Style(foreground: .indexed(1), attributes: .bold))
    #expect(theme.style(.error, depth: .mono) == Style(attributes: .reverse))
  }

  @Test func `a child changes its parent's palette and roles`() throws {
    let parent = """
      palette: {accent: "#111111"}
      roles: {error: accent, info: accent}
      mono: {error: {modifiers: [bold]}}
      """
    let theme = try theme(
      """
      name: child
      inherits: base
      palette: {accent: "#222222"}
      roles: {info: {fg: accent, modifiers: [italic]}}
      """, ["base": parent])
    #expect(theme.name == "child")
    #expect(theme.style(.error, depth: .truecolor).foreground == .rgb(34, 34, 34))
    #expect(theme.style(.info, depth: .truecolor).attributes == .italic)
    #expect(theme.style(.error, depth: .mono).attributes == .bold)
  }

  @Test func `a tier that no file has comes from the built-in theme`() throws {
    let theme = try theme("roles: {error: \"#ff0000\"}")
    #expect(theme.style(.error, depth: .mono) == Theme.builtIn.style(.error, depth: .mono))
    #expect(theme.style(.error, depth: .sixteen) == Theme.builtIn.style(.error, depth: .sixteen))
  }

  @Test func `an empty file is a theme`() throws {
    #expect(try theme("").name == "mine")
    #expect(try theme("roles:\n").style(.error, depth: .truecolor) == .plain)
  }
}
