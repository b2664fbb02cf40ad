internal import CNCurses
internal import Cells

/// Converts the terminal's input to keys: names control characters, joins ESC with what follows,
/// collects pastes.
struct KeyReader {
  /// The maximum number of bytes kept of one paste.
  static let pasteLimit = 1 << 20
  /// The maximum time between the presses of a double press at one place.
  static let doublePressTime = Duration.milliseconds(400)
  /// After this long without a byte a paste ends, so that a lost end mark cannot block the
  /// keyboard.
  static let pasteSilence = Duration.seconds(2)
  /// The maximum number of events in one call, so that a flood of input cannot block the caller.
  private static let eventLimit = 8192

  private var paste: Paste?
  private var lastPress: Press?

  private struct Paste {
    var text = ""
    var byteCount = 0
    var lastByte: ContinuousClock.Instant
  }

  private struct Press {
    var row: Int
    var column: Int
    var time: ContinuousClock.Instant
  }

  /// Reads until there are no more events; `next` does not block.
  mutating func read(now: ContinuousClock.Instant, from next: () -> cn_event) -> [Key] {
    var keys: [Key] = []
    for _ in 0..<Self.eventLimit {
      let event = next()
      if event.kind == Int32(CN_EVENT_NONE.rawValue) { break }
      take(event, now, &keys, next)
    }
    if let paste, now - paste.lastByte > Self.pasteSilence { finishPaste(&keys) }
    return keys
  }

  private mutating func take(
    _ event: cn_event, _ now: ContinuousClock.Instant, _ keys: inout [Key], _ next: () -> cn_event
  ) {
    if paste != nil { return takePasted(event, now, &keys) }
    switch cn_event_kind(UInt32(event.kind)) {
    case CN_EVENT_CHARACTER where event.value == 0x1B: takeEscape(now, &keys, next)
    case CN_EVENT_CHARACTER: if let key = Self.key(ofCharacter: event.value) { keys.append(key) }
    case CN_EVENT_KEY: if let name = Self.name(ofKey: event.value) { keys.append(.named(name)) }
    case CN_EVENT_MOUSE: takeMouse(event, now, &keys)
    case CN_EVENT_PASTE_BEGIN: paste = Paste(lastByte: now)
    default: return
    }
  }

  private mutating func takePasted(_ event: cn_event, _ now: ContinuousClock.Instant, _ keys: inout [Key]) {
    paste?.lastByte = now
    switch cn_event_kind(UInt32(event.kind)) {
    case CN_EVENT_PASTE_END: finishPaste(&keys)
    case CN_EVENT_CHARACTER: appendPasted(event.value)
    default: return
    }
  }

  private mutating func appendPasted(_ value: UInt32) {
    guard var current = paste, let scalar = Unicode.Scalar(value == 0x0D ? 0x0A : value) else { return }
    // The text must have one owner while it grows, or every character copies it.
    paste = nil
    let size = UTF8.width(scalar)
    if current.byteCount + size <= Self.pasteLimit {
      current.text.unicodeScalars.append(scalar)
      current.byteCount += size
    }
    paste = current
  }

  private mutating func finishPaste(_ keys: inout [Key]) {
    if let paste { keys.append(.paste(paste.text)) }
    paste = nil
  }

  /// ESC alone is the key; ESC with a character right after it is Alt; `ESC [` is an unknown
  /// sequence.
  private mutating func takeEscape(_ now: ContinuousClock.Instant, _ keys: inout [Key], _ next: () -> cn_event) {
    let event = next()
    let isCharacter = event.kind == Int32(CN_EVENT_CHARACTER.rawValue)
    if isCharacter, event.value == 0x5B || event.value == 0x4F {
      if !skipSequence(next), let key = Self.altKey(event.value) { keys.append(key) }
      return
    }
    if isCharacter, event.value != 0x1B, let key = Self.altKey(event.value) { return keys.append(key) }
    if event.kind != Int32(CN_EVENT_KEY.rawValue) { keys.append(.named(.escape)) }
    if event.kind != Int32(CN_EVENT_NONE.rawValue) { take(event, now, &keys, next) }
  }

  /// Skips the rest of an unknown sequence, up to its final byte; false when there is none.
  private func skipSequence(_ next: () -> cn_event) -> Bool {
    for length in 0..<32 {
      let event = next()
      guard event.kind == Int32(CN_EVENT_CHARACTER.rawValue) else { return length > 0 }
      if (0x40...0x7E).contains(event.value) { return true }
    }
    return true
  }

  private mutating func takeMouse(_ event: cn_event, _ now: ContinuousClock.Instant, _ keys: inout [Key]) {
    let row = Int(event.row)
    let column = Int(event.column)
    guard row >= 0, column >= 0, let action = action(of: event, row, column, now) else { return }
    keys.append(.mouse(action, row: row, column: column))
  }

  /// Decodes xterm's button number: 64 is the wheel, 32 is movement, 4, 8 and 16 are modifiers, the
  /// rest is the button.
  private mutating func action(
    of event: cn_event, _ row: Int, _ column: Int, _ now: ContinuousClock.Instant
  ) -> Key.MouseAction? {
    switch (event.value & 0xE0, event.value & 3) {
    case (64, 0): return .wheelUp
    case (64, 1): return .wheelDown
    case (0, 0) where event.pressed == 0: return .release
    case (0, 0): return press(row, column, now)
    default: return nil
    }
  }

  private mutating func press(_ row: Int, _ column: Int, _ now: ContinuousClock.Instant) -> Key.MouseAction {
    if let last = lastPress, last.row == row, last.column == column, now - last.time <= Self.doublePressTime {
      lastPress = nil
      return .doublePress
    }
    lastPress = Press(row: row, column: column, time: now)
    return .press
  }
}

extension KeyReader {
  private static let names: [Key.Name] = [
    .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .insert, .delete, .enter, .tab, .backTab, .backspace,
    .escape, .f1, .f2, .f3, .f4, .f5, .f6, .f7, .f8, .f9, .f10, .f11, .f12,
  ]

  private static func name(ofKey value: UInt32) -> Key.Name? {
    value < UInt32(names.count) ? names[Int(value)] : nil
  }

  private static func altKey(_ value: UInt32) -> Key? {
    guard value > 0x20, value != 0x7F, let scalar = Unicode.Scalar(value) else { return nil }
    return .alt(Character(scalar))
  }

  private static func key(ofCharacter value: UInt32) -> Key? {
    switch value {
    case 0: .control(" ")
    case 8, 0x7F: .named(.backspace)
    case 9: .named(.tab)
    case 10, 13: .named(.enter)
    case 1..<0x1B: .control(Character(Unicode.Scalar(UInt8(value) + 0x60)))
    case 0x1C...0x1F: .control(Character(Unicode.Scalar(UInt8(value) + 0x40)))
    case 0x80..<0xA0: nil
    default: Unicode.Scalar(value).map { .character(Character($0)) }
    }
  }
}
