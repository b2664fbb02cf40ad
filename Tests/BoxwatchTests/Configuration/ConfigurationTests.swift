import BoxLiteClient
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
    #expect(configuration.boxes["far"] == .prefix(command: ["ssh", "host", "--"], quotesForShell: true))
    #expect(configuration.boxes["plain"] == .prefix(command: ["/usr/bin/ssh", "host"], quotesForShell: false))
    #expect(configuration.boxes["pod"] == .prefix(command: ["docker", "exec", "web"], quotesForShell: true))
  }

  @Test func `a box on a server has an address, and says where its key is`() throws {
    let configuration = try Configuration(
      text: """
        boxes:
          plain: {boxlite: "boxlite://far:9000/web"}
          secret: {boxlite: "boxlites://far/web", key: $FAR_KEY}
          filed: {boxlite: "boxlite+unix:/run/x.sock:/web", key-file: /etc/key}
        """, path: "c.yaml")
    let target = BoxLiteTarget(endpoint: .network(host: "far", port: 9000, tls: false), box: "web")
    #expect(configuration.boxes["plain"] == .boxLite(target, key: .variable("BOXLITE_API_KEY")))
    let secret = BoxLiteTarget(endpoint: .network(host: "far", port: 443, tls: true), box: "web")
    #expect(configuration.boxes["secret"] == .boxLite(secret, key: .variable("FAR_KEY")))
    let filed = BoxLiteTarget(endpoint: .unix(path: "/run/x.sock"), box: "web")
    #expect(configuration.boxes["filed"] == .boxLite(filed, key: .file("/etc/key")))
  }

  @Test func `a key that stands in the configuration itself is refused, and not repeated`() {
    let complaint = complaint("boxes:\n  far: {boxlite: \"boxlite://far/web\", key: sesame}\n")
    #expect(complaint?.contains("must name a variable") == true && complaint?.contains("sesame") == false)
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
    ("boxes:\n  b: {bwrap: {net: maybe}}\n", "c.yaml:2:20", "true or false"),
    ("boxes:\n  b: {bwrap: {memory: lots}}\n", "c.yaml:2:23", "use 512M"),
    ("boxes:\n  b: {bwrap: {cpus: 0}}\n", "c.yaml:2:21", "0.01"),
    ("boxes:\n  b: {bwrap: {pids: -1}}\n", "c.yaml:2:21", "processes"),
    ("boxes:\n  b: {bwrap: {bind: [/a, '/b:/']}}\n", "c.yaml:2:26", "whole tree"),
    ("boxes:\n  b: {bwrap: {colour: red}}\n", "c.yaml:2:15", "colour"),
    ("boxes:\n  b: {bwrap: {}, command: x}\n", "c.yaml:2:6", "cannot have other settings beside it"),
    ("boxes:\n  b: {container: web}\n", "c.yaml:2:18", "docker:CONTAINER"),
    ("boxes:\n  b: {container: docker:web, command: x}\n", "c.yaml:2:6", "cannot have other settings beside it"),
    ("boxes:\n  far: {command: x, colour: red}\n", "c.yaml:2:21", "colour"),
    ("boxes:\n  far: {command: {a: b}}\n", "c.yaml:2:18", "single value"),
    ("boxes:\n  far: {boxlite: nowhere}\n", "c.yaml:2:18", "boxlite://HOST:PORT/BOX"),
    ("boxes:\n  far: {boxlite: \"boxlite://far/web/exec\"}\n", "c.yaml:2:18", "execution"),
    ("boxes:\n  far: {boxlite: \"boxlite://far/web\", command: x}\n", "c.yaml:2:48", "command"),
    ("boxes:\n  far: {command: x, key: $KEY}\n", "c.yaml:2:26", "key"),
    ("boxes:\n  far: {boxlite: \"boxlite://far/web\", key: $KEY, key-file: x}\n", "c.yaml:2:60", "two keys"),
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
