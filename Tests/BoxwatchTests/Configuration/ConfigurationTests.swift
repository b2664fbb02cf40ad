import ExecModel
import Testing

@testable import boxwatch

@Suite struct ConfigurationTests {
  private func complaint(_ text: String) -> String? {
    do {
      _ = try Configuration(text: text, path: "c.yaml")
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: ["", "\n", "# nothing\n", "---\n"])
  func `a file that says nothing leaves the defaults`(text: String) throws {
    let configuration = try Configuration(text: text, path: "c.yaml")
    #expect(configuration.box == "local")
    #expect(configuration.drain == .untilEndOfStream)
    #expect(configuration.keep == .standard)
    #expect(configuration.theme == nil)
    #expect(configuration.boxes.isEmpty)
  }

  @Test func `everything that can be said is read`() throws {
    let configuration = try Configuration(
      text: """
        theme: nord
        box: far
        drain: idle=1s,max=3s
        keep: 512M
        boxes:
          far: {command: ssh host --}
          plain: {command: [/usr/bin/ssh, host], quote: none}
          pod: {command: docker exec web, quote: shell}
        """, path: "c.yaml")
    #expect(configuration.theme == "nord")
    #expect(configuration.box == "far")
    #expect(configuration.drain == .untilIdle(grace: .seconds(1), limit: .seconds(3)))
    #expect(configuration.keep == .bytes(512 << 20))
    #expect(configuration.boxes["far"]?.command == ["ssh", "host", "--"])
    #expect(configuration.boxes["far"]?.quotesForShell == true)
    #expect(configuration.boxes["plain"]?.quotesForShell == false)
    #expect(configuration.boxes["pod"]?.quotesForShell == true)
  }

  @Test(arguments: [
    ("theme: a\nkepp: 4G\n", "c.yaml:2:1", "kepp"),
    ("drain: never\n", "c.yaml:1:8", "drain"),
    ("keep: 4\n", "c.yaml:1:7", "keep"),
    ("box: [a]\n", "c.yaml:1:6", "box"),
    ("- a\n", "c.yaml:1:1", "mapping"),
    ("boxes:\n  local: {command: x}\n", "c.yaml:2:10", "local"),
    ("boxes:\n  far: {}\n", "c.yaml:2:8", "command"),
    ("boxes:\n  far: {command: x, quote: maybe}\n", "c.yaml:2:28", "shell or none"),
    ("boxes:\n  b: {bwrap: {net: maybe}}\n", "c.yaml:2:19", "true or false"),
    ("boxes:\n  b: {bwrap: {memory: lots}}\n", "c.yaml:2:22", "write 512M"),
    ("boxes:\n  b: {bwrap: {cpus: 0}}\n", "c.yaml:2:20", "0.01"),
    ("boxes:\n  b: {bwrap: {pids: -1}}\n", "c.yaml:2:20", "processes"),
    ("boxes:\n  b: {bwrap: {bind: [/a, '/b:/']}}\n", "c.yaml:2:25", "whole tree"),
    ("boxes:\n  b: {bwrap: {colour: red}}\n", "c.yaml:2:14", "colour"),
    ("boxes:\n  b: {bwrap: {}, command: x}\n", "c.yaml:2:6", "not both"),
    ("boxes:\n  far: {command: x, colour: red}\n", "c.yaml:2:21", "colour"),
    ("boxes:\n  far: {command: {a: b}}\n", "c.yaml:2:18", "single value"),
  ])
  func `what is wrong is told with its place`(text: String, place: String, word: String) {
    let complaint = complaint(text)
    #expect(complaint?.hasPrefix(place + ": ") == true, "\(complaint ?? "no complaint")")
    #expect(complaint?.contains(word) == true, "\(complaint ?? "no complaint")")
  }

  @Test(arguments: ["a: [\n", "theme: a\ntheme: b\n", "\tx", "theme: \"\\q\"\n", "%YAML 9\n"])
  func `what is no YAML is told on one line, with the file`(text: String) {
    let complaint = complaint(text)
    #expect(complaint?.hasPrefix("c.yaml:") == true, "\(complaint ?? "no complaint")")
    #expect(complaint?.contains("\n") == false)
  }
}
