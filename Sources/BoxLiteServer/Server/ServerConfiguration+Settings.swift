public import ExecModel

extension ServerConfiguration {
  /// Sets what was asked for, in order, and sees that it fits together.
  ///
  /// - Throws: ``/ExecModel/TextValueError`` for a value that means nothing, or two that exclude each other.
  public mutating func set(_ settings: [(ServerSetting, String)]) throws(TextValueError) {
    for (setting, text) in settings { try setting.set(text, in: &self) }
    guard times.silence > times.ping else {
      throw TextValueError(
        "silence (\(times.silence.boxwatchText)) must be longer than ping (\(times.ping.boxwatchText)), or clients are cut off before they are asked"
      )
    }
    // Who sets short times wants them kept.
    let shortest = min(times.reconnect, times.shutdown, times.session, times.retention)
    if shortest < times.reaper { times.reaper = max(.milliseconds(100), shortest / 4) }
  }
}
