import ArgumentParser
import BoxLiteServer
import ExecModel
import Testing

@testable import boxwatch

@Suite struct ServeConfigurationTests {
  private func configuration(_ text: String) throws -> ServerConfiguration {
    var server = ServerConfiguration()
    let changes = try Configuration(text: text, path: "c.yaml").serve
    try server.set(changes.map { ($0.setting, $0.text) })
    return server
  }

  private func complaint(_ text: String) -> String? {
    do {
      _ = try Configuration(text: text, path: "c.yaml")
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func `what is said is set, and the rest is as ever`() throws {
    let server = try configuration(
      """
      serve:
        reconnect-grace: never
        retention: 1h
        max-sockets: 200
        max-body: 512K
        signals: [INT, 15]
      """)
    #expect(server.times.retention == .seconds(3600) && server.limits.sockets == 200 && server.limits.body == 512 << 10)
    #expect(server.signals == [2, 15] && server.times.ping == ServerTimes().ping)
    #expect(try configuration("serve:\n").times == ServerTimes())
    #expect(try configuration("serve: {signals: all}\n").signals.count == 64)
  }

  @Test(arguments: [
    ("serve: {max-sockets: 0}\n", "c.yaml:1:22: max-sockets: '0' is not a number"),
    ("serve:\n  retention: soon\n", "c.yaml:2:14: retention: 'soon' is not a duration"),
    ("serve:\n  retntion: 5m\n", "c.yaml:2:3: serve has no 'retntion'; it knows reconnect-grace"),
    ("serve:\n  signals: [INT, NO]\n", "c.yaml:2:12: signals: 'NO' is not a signal"),
    ("serve: [ping]\n", "c.yaml:1:8: serve must be a mapping"),
    ("serve: {ping: [1s]}\n", "c.yaml:1:15: ping must be a single value"),
  ])
  func `what makes no sense is told with its line`(text: String, words: String) {
    #expect(complaint(text)?.hasPrefix(words) == true, "\(complaint(text) ?? "")")
  }

  @Test func `options are the same settings, and beat the file`() throws {
    let flags = try ServerFlags.parse(["--retention", "2m", "--max-frame", "1M", "--signals", "all"])
    #expect(flags.changes.map(\.setting) == [.retention, .maxFrame, .signals])
    var server = ServerConfiguration()
    let file = try Configuration(text: "serve: {retention: 1h, ping: 5s}\n", path: "c.yaml").serve
    try server.set((file + flags.changes).map { ($0.setting, $0.text) })
    #expect(server.times.retention == .seconds(120) && server.times.ping == .seconds(5))
    for setting in ServerSetting.allCases {
      let text = setting.text(in: ServerConfiguration())
      #expect(try ServerFlags.parse(["--\(setting.rawValue)", text]).changes.map(\.setting) == [setting])
    }
  }
}
