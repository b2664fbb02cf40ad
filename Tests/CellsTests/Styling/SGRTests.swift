import Cells
import Testing

@Suite struct SGRTests {
  @Test(
    arguments: [
      ("1", [.bold]), ("2", [.dim]), ("3", [.italic]), ("4", [.underline]), ("21", [.underline]), ("4:3", [.underline]),
      ("5", [.blink]), ("6", [.blink]), ("7", [.reverse]), ("9", [.strikethrough]),
      ("1;3;4", [.bold, .italic, .underline]),
      ("1;2;22", []), ("3;23", []), ("4;24", []), ("4;4:0", []), ("5;25", []), ("7;27", []), ("9;29", []), ("1;0", []),
      ("1;", []), ("", []), ("8", []), ("53;73;10", []),
    ] as [(String, Attributes)])
  func `attributes are set and reset`(parameters: String, attributes: Attributes) {
    #expect(StyledLine.of("\u{1B}[\(parameters)mx").cells.map(\.style) == [Style(attributes: attributes)])
  }

  @Test(
    arguments: [
      ("31", .indexed(1)), ("37", .indexed(7)), ("90", .indexed(8)), ("97", .indexed(15)), ("38;5;196", .indexed(196)),
      ("38:5:196", .indexed(196)), ("38;2;1;2;3", .rgb(1, 2, 3)), ("38:2:1:2:3", .rgb(1, 2, 3)),
      ("38:2::1:2:3", .rgb(1, 2, 3)), ("38:2:0:1:2:3:0:0", .rgb(1, 2, 3)), ("31;39", .standard), ("31;0", .standard),
      ("31;38;5;256", .indexed(1)), ("31;38;2;1;2", .indexed(1)), ("31;38", .indexed(1)), ("31;38;5", .indexed(1)),
      ("31;38:5", .indexed(1)), ("31;38:9:1", .indexed(1)), ("38;2;;;", .rgb(0, 0, 0)),
      ("31;99999999999999999999", .indexed(1)),
      ("58;5;9;32", .indexed(2)), ("58:2::1:2:3;32", .indexed(2)), ("38;5;9;38;2;7;8;9", .rgb(7, 8, 9)),
    ] as [(String, Color)])
  func `foreground colours come in every form`(parameters: String, color: Color) {
    #expect(StyledLine.of("\u{1B}[\(parameters)mx").cells.map(\.style) == [Style(foreground: color)])
  }

  @Test(
    arguments: [
      ("41", .indexed(1)), ("107", .indexed(15)), ("48;5;17", .indexed(17)), ("48:2:9:8:7", .rgb(9, 8, 7)),
      ("41;49", .standard),
    ] as [(String, Color)])
  func `background colours too`(parameters: String, color: Color) {
    #expect(StyledLine.of("\u{1B}[\(parameters)mx").cells.map(\.style) == [Style(background: color)])
  }

  @Test func `a style lasts to the next line`() {
    let first = StyledLine.of("\u{1B}[1;31mred")
    let second = StyledLine.of("still\u{1B}[m not", style: first.endStyle)
    #expect(second.cells[0].style == Style(foreground: .indexed(1), attributes: .bold))
    #expect(second.endStyle == .plain)
  }
}
