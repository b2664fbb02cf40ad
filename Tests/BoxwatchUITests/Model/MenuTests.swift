import Testing

@testable import BoxwatchUI

@Suite struct MenuTests {
  private func label(_ typed: String) -> String {
    var menu = SignalMenu(Monitor.id(1)).menu
    for character in typed { menu.type(character) }
    return menu.items[menu.index].label
  }

  @Test func `typing a name or a number jumps`() {
    #expect(label("") == "15  SIGTERM")
    #expect(label("kil") == " 9  SIGKILL")
    #expect(label("sigu") == "10  SIGUSR1")
    #expect(label("1") == " 1  SIGHUP")
    #expect(label("12") == "12  SIGUSR2")
    #expect(label("Q") == " 3  SIGQUIT")
  }

  @Test func `a letter without a match starts a new search`() {
    #expect(label("kh") == " 1  SIGHUP")
    #expect(label("?") == "15  SIGTERM")
  }

  @Test func `moving stops at the ends`() {
    var menu = SignalMenu(Monitor.id(1)).menu
    menu.move(by: 500)
    #expect(menu.index == 30)
    menu.move(by: .min)
    #expect(menu.index == 0)
  }
}
