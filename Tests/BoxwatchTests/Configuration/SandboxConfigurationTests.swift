import HostBoxes
import Testing

@testable import boxwatch

@Suite struct SandboxConfigurationTests {
  private static func options(_ text: String) throws -> SandboxOptions? {
    let configuration = try Configuration(text: "boxes: {b: \(text)}", path: "c.yaml")
    guard case .sandbox(let options) = configuration.boxes["b"] else { return nil }
    return options
  }

  @Test func `everything a sandbox can have is read`() throws {
    let text =
      "{bwrap: {bind: [/srv, /a:/tmp/a], ro-bind: /opt:/tmp/opt, net: true, memory: 512M, cpus: 1.5, pids: 200}}"
    let options = try #require(try Self.options(text))
    #expect(options.binds.map(\.source) == ["/srv", "/a", "/opt"])
    #expect(options.binds.map(\.target) == ["/srv", "/tmp/a", "/tmp/opt"])
    #expect(options.binds.map(\.isReadOnly) == [false, false, true])
    #expect(options.hasNetwork)
    #expect(options.limits == BoxLimits(memory: 512 << 20, milliProcessors: 1500, processes: 200))
    #expect(
      options.words
        == "writes /srv, writes /a at /tmp/a, reads /opt at /tmp/opt, network, memory 512 MiB, processors 1.5, processes 200"
    )
  }

  @Test(arguments: ["{bwrap: }", "{bwrap: {}}"])
  func `nothing said is the plain sandbox`(text: String) throws {
    #expect(try Self.options(text) == SandboxOptions())
  }
}
