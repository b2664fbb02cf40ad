import CNCurses
import Cells
import Testing

@testable import CursesTerminal

@Suite struct KeyReaderTests {
  private static func events(_ text: String) -> [cn_event] {
    text.unicodeScalars.map {
      cn_event(kind: Int32(CN_EVENT_CHARACTER.rawValue), value: $0.value, row: 0, column: 0, pressed: 0)
    }
  }

  private static func event(_ kind: cn_event_kind) -> cn_event {
    cn_event(kind: Int32(kind.rawValue), value: 0, row: 0, column: 0, pressed: 0)
  }

  private static func read(_ reader: inout KeyReader, _ events: [cn_event], after: Duration = .zero) -> [Key] {
    var rest = events[...]
    var keys: [Key] = []
    repeat {
      keys += reader.read(now: start + after) { rest.popFirst() ?? event(CN_EVENT_NONE) }
    } while !rest.isEmpty
    return keys
  }

  private static let start = ContinuousClock.now

  @Test func `a paste that comes in pieces is one key`() {
    var reader = KeyReader()
    #expect(Self.read(&reader, [Self.event(CN_EVENT_PASTE_BEGIN)] + Self.events("one ")) == [])
    #expect(Self.read(&reader, Self.events("two"), after: .seconds(1)) == [])
    let end = [Self.event(CN_EVENT_PASTE_END)] + Self.events("x")
    #expect(Self.read(&reader, end, after: .seconds(2)) == [.paste("one two"), .character("x")])
  }

  @Test func `a paste whose end is lost ends in silence`() {
    var reader = KeyReader()
    #expect(Self.read(&reader, [Self.event(CN_EVENT_PASTE_BEGIN)] + Self.events("text")) == [])
    #expect(Self.read(&reader, [], after: .seconds(1)) == [])
    #expect(Self.read(&reader, [], after: .seconds(3)) == [.paste("text")])
    #expect(Self.read(&reader, Self.events("q"), after: .seconds(3)) == [.character("q")])
  }

  @Test func `a paste keeps at most a mebibyte, of whole characters`() {
    var reader = KeyReader()
    let text = String(repeating: "漢", count: 400_000)
    let events = [Self.event(CN_EVENT_PASTE_BEGIN)] + Self.events(text) + [Self.event(CN_EVENT_PASTE_END)]
    let kept = KeyReader.pasteLimit / 3
    #expect(Self.read(&reader, events) == [.paste(String(repeating: "漢", count: kept))])
  }

  @Test func `a second press is double only when soon and in the same place`() {
    var reader = KeyReader()
    let press = cn_event(kind: Int32(CN_EVENT_MOUSE.rawValue), value: 0, row: 1, column: 1, pressed: 1)
    var elsewhere = press
    elsewhere.column = 2
    #expect(Self.read(&reader, [press]) == [.mouse(.press, row: 1, column: 1)])
    #expect(Self.read(&reader, [press], after: .seconds(1)) == [.mouse(.press, row: 1, column: 1)])
    #expect(Self.read(&reader, [elsewhere], after: .seconds(1)) == [.mouse(.press, row: 1, column: 2)])
    #expect(Self.read(&reader, [elsewhere], after: .seconds(1)) == [.mouse(.doublePress, row: 1, column: 2)])
    #expect(Self.read(&reader, [elsewhere], after: .seconds(1)) == [.mouse(.press, row: 1, column: 2)])
  }

  @Test func `escape before another key is a key of its own`() {
    var reader = KeyReader()
    #expect(Self.read(&reader, Self.events("\u{1B}\u{1B}x")) == [.named(.escape), .alt("x")])
    #expect(Self.read(&reader, Self.events("\u{1B}\r")) == [.named(.escape), .named(.enter)])
  }
}
