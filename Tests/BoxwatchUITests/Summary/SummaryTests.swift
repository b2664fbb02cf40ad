import BoxwatchUI
import ExecModel
import TestSupport
import Testing

@Suite struct SummaryTests {
  private func summary(_ monitor: Monitor, _ output: [ExecStream: String] = [:]) -> String {
    Summary.text(monitor.model.rows) { _, stream in output[stream].map { InMemoryText(Array($0.utf8)) } }
  }

  @Test func `each execution has a line with state, status and counts`() {
    var monitor = Monitor()
    monitor.add(["make", "-j2"])
    monitor.output("a\nb")
    monitor.finish()
    #expect(summary(monitor) == "[1] make -j2 (local): done, exit 0, stdout 2 lines, stderr 0 lines, 3 B, 00:03\n")
    #expect(summary(Monitor()) == "")
  }

  @Test func `a failed one shows its last lines, bounded and harmless`() {
    var monitor = Monitor()
    monitor.add(["x\u{1b}[2J"])
    let errors = (1...30).map { "error \($0)\u{1b}]52;c;x\u{7}\n" }.joined() + String(repeating: "y", count: 5000)
    monitor.output(errors, 1, .stderr)
    monitor.finish(.exited(3))
    let text = summary(monitor, [.stderr: errors])
    #expect(text.contains("failed, exit 3") && text.contains("  stderr, the last lines:\n"))
    #expect(text.contains("  | error 30^[]52;c;x^G\n") && !text.contains("error 20^"))
    #expect(text.contains("yyy...\n") && text.utf8.count < 3000)
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
  }

  @Test func `cut output and unfinished executions are reported`() {
    var monitor = Monitor()
    monitor.add(["a"])
    monitor.add(["b"])
    monitor.finish(truncated: .stdout)
    let lines = summary(monitor).split(separator: "\n")
    #expect(lines[0].contains("done, exit 0") && lines[0].hasSuffix("stdout truncated"))
    #expect(lines[1].hasPrefix("[2] b (local): running,"))
  }
}
