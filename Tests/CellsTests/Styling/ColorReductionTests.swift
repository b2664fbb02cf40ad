import Testing

@testable import Cells

@Suite struct ColorReductionTests {
  @Test(
    arguments: [
      (.rgb(255, 0, 0), .indexed256, .indexed(196)), (.rgb(0, 0, 0), .indexed256, .indexed(16)),
      (.rgb(255, 255, 255), .indexed256, .indexed(231)), (.rgb(8, 8, 8), .indexed256, .indexed(232)),
      (.rgb(118, 118, 118), .indexed256, .indexed(243)), (.rgb(95, 135, 175), .indexed256, .indexed(67)),
      (.indexed(3), .indexed256, .indexed(3)), (.rgb(1, 2, 3), .truecolor, .rgb(1, 2, 3)),
      (.rgb(250, 10, 10), .sixteen, .indexed(9)), (.rgb(0, 0, 0), .sixteen, .indexed(0)),
      (.indexed(196), .sixteen, .indexed(9)),
      (.indexed(12), .sixteen, .indexed(12)), (.indexed(12), .eight, .indexed(4)), (.rgb(255, 0, 0), .mono, .standard),
      (.standard, .sixteen, .standard), (.indexed(255), .eight, .indexed(7)),
    ] as [(Color, ColorDepth, Color)])
  func `a colour becomes one that the terminal has`(color: Color, depth: ColorDepth, reduced: Color) {
    #expect(color.reduced(to: depth) == reduced)
  }

  @Test func `24-bit colours never become one of the user's own sixteen`() {
    for red in stride(from: 0, through: 255, by: 15) {
      for green in stride(from: 0, through: 255, by: 15) {
        for blue in stride(from: 0, through: 255, by: 15) {
          #expect(Palette.nearest256(UInt8(red), UInt8(green), UInt8(blue)) >= 16)
        }
      }
    }
  }

  @Test func `each palette entry is its own nearest`() {
    for entry in UInt8(16)...255 {
      let (red, green, blue) = Palette.value(ofEntry: entry)
      let nearest = Palette.nearest256(red, green, blue)
      #expect(Palette.value(ofEntry: nearest) == (red, green, blue), "\(entry)")
    }
  }

  @Test func `at eight colours bright becomes bold`() {
    let style = Style(foreground: .indexed(9), background: .indexed(12)).reduced(to: .eight)
    #expect(style == Style(foreground: .indexed(1), background: .indexed(4), attributes: .bold))
    #expect(Style(foreground: .indexed(1)).reduced(to: .eight).attributes.isEmpty)
  }

  @Test func `without colours the attributes stay`() {
    let style = Style(foreground: .rgb(1, 2, 3), background: .indexed(4), attributes: [.bold, .reverse])
    #expect(style.reduced(to: .mono) == Style(attributes: [.bold, .reverse]))
  }
}
