import BoxLiteServer
import BoxLiteWire
import ExecModel
import Testing

@Suite struct ServerSettingTests {
  private func refusal(_ settings: [(ServerSetting, String)]) -> String? {
    var configuration = ServerConfiguration()
    do throws(TextValueError) {
      try configuration.set(settings)
      return nil
    } catch {
      return error.description
    }
  }

  @Test(arguments: ServerSetting.allCases) func `a written configuration is read back unchanged`(
    setting: ServerSetting
  ) throws {
    var configuration = ServerConfiguration()
    let text = setting.text(in: configuration)
    try setting.set(text, in: &configuration)
    #expect(setting.text(in: configuration) == text)
    #expect(configuration.times == ServerTimes() && configuration.limits == ServerLimits())
    #expect(!setting.meaning.isEmpty)
  }

  @Test func `each sets its own and nothing else`() throws {
    let values: [(ServerSetting, String)] = [
      (.reconnectGrace, "1h"), (.shutdownGrace, "2s"), (.maxSessionLifetime, "never"), (.retention, "7m"),
      (.handOver, "0s"), (.ping, "5s"), (.silence, "20s"), (.writeTimeout, "9s"), (.requestTimeout, "8s"),
      (.maxBody, "8M"), (.maxFrame, "64K"), (.maxInput, "2000"), (.maxSockets, "7"),
      (.maxStrangers, "8"), (.maxStrangersOfAnAddress, "3"), (.keyTimeout, "3s"), (.maxBoxes, "5"),
      (.maxBoxSize, "2M"), (.maxBoxesSize, "3G"), (.maxExecutions, "6"), (.maxExecutionsSize, "2M"),
      (.signals, "INT,sigterm,40"),
    ]
    #expect(values.count == ServerSetting.allCases.count)
    for (setting, text) in values {
      var configuration = ServerConfiguration()
      try setting.set(text, in: &configuration)
      let changed = ServerSetting.allCases.filter { $0.text(in: configuration) != $0.text(in: ServerConfiguration()) }
      #expect(changed == [setting])
    }
    var all = ServerConfiguration()
    try all.set(values)
    #expect(all.times.reconnect == .seconds(3600) && all.times.retention == .seconds(420))
    #expect(all.limits.body == 8 << 20 && all.limits.frame == 64 << 10 && all.limits.pendingInput == 2000)
    #expect(all.signals == [2, 15, 40])
  }

  @Test func `never is so far away that no clock wraps`() throws {
    var configuration = ServerConfiguration()
    try configuration.set([(.reconnectGrace, "never"), (.maxSessionLifetime, "never")])
    #expect(configuration.times.session.nanoseconds < UInt64(Int64.max) / 2)
    #expect(configuration.times.reaper == ServerTimes().reaper)
  }

  @Test func `short times are looked at as often as they need`() throws {
    var configuration = ServerConfiguration()
    try configuration.set([(.reconnectGrace, "2s")])
    #expect(configuration.times.reaper == .milliseconds(500))
    try configuration.set([(.shutdownGrace, "100ms")])
    #expect(configuration.times.reaper == .milliseconds(100))
  }

  @Test(
    arguments: [
      (.reconnectGrace, "soon", "not a duration"), (.reconnectGrace, "0s", "or never"),
      (.retention, "never", "not a duration"),
      (.maxSessionLifetime, "9000h", "8760h"), (.ping, "41s", "1s to 40s"), (.ping, "-1s", "not a duration"),
      (.maxBody, "1", "1K to 256M"), (.maxBody, "9999999999999G", "not a size"), (.maxFrame, "4X", "not a size"),
      (.maxSockets, "0", "1 to 1000000"), (.maxSockets, "many", "not a number"), (.signals, "", "not a signal"),
      (.signals, "INT,", "not a signal"), (.signals, "65", "not a signal"), (.silence, "15s", "longer than ping"),
    ] as [(ServerSetting, String, String)])
  func `a bad value is refused in one line`(setting: ServerSetting, text: String, words: String) throws {
    let complaint = try #require(refusal([(setting, text)]))
    #expect(complaint.contains(words) && !complaint.contains("\n"), "\(complaint)")
  }

  @Test func `settings that exclude each other are refused`() {
    #expect(refusal([(.ping, "30s"), (.silence, "30s")])?.contains("(30s)") == true)
    #expect(refusal([(.silence, "12s"), (.ping, "5s")]) == nil)
  }
}
