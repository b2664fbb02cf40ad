import Cells
import TestSupport
import Testing
import Widgets

@Suite struct ShippedThemeTests {
  @Test(arguments: ShippedThemes.names)
  func `every shipped theme reads and bears its file's name`(name: String) throws {
    #expect(try ShippedThemes.theme(name).name == name)
  }

  @Test(arguments: ShippedThemes.names)
  func `states that differ in meaning differ in look at every depth`(name: String) throws {
    let theme = try ShippedThemes.theme(name)
    for depth in ColorDepth.allCases {
      let looks = [Role.execOK, .execFailed, .execDraining, .execRunning].map { theme.style($0, depth: depth) }
      #expect(Set(looks).count == looks.count, "\(name) at \(depth)")
      #expect(theme.style(.selection, depth: depth) != theme.style(.text, depth: depth), "\(name) at \(depth)")
      #expect(
        theme.style(.searchCurrent, depth: depth) != theme.style(.searchMatch, depth: depth), "\(name) at \(depth)")
    }
  }

  @Test(arguments: ShippedThemes.names)
  func `no tier asks for a colour that its terminals do not have`(name: String) throws {
    let theme = try ShippedThemes.theme(name)
    for role in Role.allCases {
      let mono = theme.style(role, depth: .mono)
      #expect(mono.foreground == .standard && mono.background == .standard, "\(role)")
      for (depth, limit) in [(ColorDepth.eight, 8), (.sixteen, 16)] {
        let style = theme.style(role, depth: depth)
        for color in [style.foreground, style.background] {
          switch color {
          case .standard: break
          case .indexed(let number): #expect(Int(number) < limit, "\(role)")
          case .rgb: Issue.record("\(role) is 24-bit at \(depth)")
          }
        }
      }
    }
  }

  @Test func `the default theme uses the user's own colours and background only`() throws {
    let theme = try ShippedThemes.theme("terminal")
    for role in Role.allCases {
      let style = theme.style(role, depth: .truecolor)
      if case .rgb = style.foreground { Issue.record("\(role)") }
      if case .rgb = style.background { Issue.record("\(role)") }
    }
    #expect(theme.style(.text, depth: .truecolor) == .plain)
  }

  @Test func `mono has no colour at any depth`() throws {
    let theme = try ShippedThemes.theme("mono")
    for role in Role.allCases {
      for depth in ColorDepth.allCases {
        let style = theme.style(role, depth: depth)
        #expect(style.foreground == .standard && style.background == .standard, "\(role) at \(depth)")
      }
    }
  }

  @Test(arguments: [
    ("nord", 4.5, 2.7), ("gruvbox-dark", 4.5, 3.5), ("solarized-light", 4.5, 2.8), ("modus-vivendi-tritanopia", 7, 6.9),
  ])
  func `text stands out from its ground`(name: String, text: Double, marks: Double) throws {
    let theme = try ShippedThemes.theme(name)
    for role in [Role.text, .statusbar, .dialog, .streamStdout, .streamStderr, .helpText, .selection] {
      #expect(contrast(theme.style(role, depth: .truecolor)) >= min(text, 7), "\(name): \(role)")
    }
    for role in Role.allCases where role.rawValue.hasPrefix("exec") || [.dim, .error, .warning, .gap].contains(role) {
      #expect(contrast(theme.style(role, depth: .truecolor)) >= marks, "\(name): \(role)")
    }
  }

  /// WCAG 2.1's contrast ratio; 0 when a colour is not 24-bit.
  private func contrast(_ style: Style) -> Double {
    guard let front = luminance(style.foreground), let back = luminance(style.background) else { return 0 }
    return (max(front, back) + 0.05) / (min(front, back) + 0.05)
  }

  private func luminance(_ color: Color) -> Double? {
    guard case .rgb(let red, let green, let blue) = color else { return nil }
    let parts = [red, green, blue].map { part -> Double in
      let value = Double(part) / 255
      return value <= 0.04045 ? value / 12.92 : power((value + 0.055) / 1.055)
    }
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
  }

  /// x to the 2.4: the fifth root of x to the twelfth, by Newton's steps.
  private func power(_ value: Double) -> Double {
    let twelfth = (0..<12).reduce(1.0) { result, _ in result * value }
    var root = 1.0
    for _ in 0..<200 { root = (4 * root + twelfth / (root * root * root * root)) / 5 }
    return root
  }
}
