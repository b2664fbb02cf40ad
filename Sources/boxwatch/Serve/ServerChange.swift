import BoxLiteServer
import ExecModel

/// One thing that an operator sets of the server, known to be well written.
struct ServerChange: Hashable, Sendable {
  let setting: ServerSetting
  let text: String

  /// Takes a value's text.
  ///
  /// - Throws: `TextValueError` that says what to write.
  init(_ setting: ServerSetting, _ text: String) throws(TextValueError) {
    var trial = ServerConfiguration()
    try setting.set(text, in: &trial)
    (self.setting, self.text) = (setting, text)
  }
}
