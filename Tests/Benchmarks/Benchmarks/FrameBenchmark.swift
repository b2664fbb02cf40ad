import BoxwatchUI
import CExecShims
import CursesTerminal
import ExecEngine
import ExecModel
import Glibc
import Journal

/// One frame at 200 × 50 while a flood grows: from the model to the bytes that the terminal has taken.
@MainActor
struct FrameBenchmark {
  func run(_ bench: Workbench, _ report: inout Report) throws {
    var master: Int32 = -1
    var name = [CChar](repeating: 0, count: 128)
    guard cexec_open_terminal(50, 200, &master, &name, 128) == 0 else { return }
    let slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)
    setenv("TERM", "xterm-256color", 1)
    let screen = try CursesScreen(input: slave, output: slave)
    discard(master)
    let frames = try draw(bench, on: screen)
    screen.close()
    let worst = Samples(frames).quantile(0.99) / 1e6
    report.add(
      "frame at 200×50, median", value: "\(Report.text(Samples(frames).median / 1e6)) ms", isMet: true, goal: "")
    report.add("frame at 200×50, p99", value: "\(Report.text(worst)) ms", isMet: worst <= 4, goal: "≤ 4 ms")
  }

  private func draw(_ bench: Workbench, on screen: CursesScreen) throws -> [Double] {
    let spec = ExecutionSpec(command: [bench.producer, "flood", "20000000000"], keep: .bytes(256 << 20))
    let id = try bench.engine.start(spec, in: bench.box)
    let subscription = try bench.engine.attach(id)
    let texts = [StreamText(subscription.journal, .stdout), StreamText(subscription.journal, .stderr)]
    var model = Model(height: 50, width: 200)
    let text: TextLookup = { _, stream in texts[stream == .stdout ? 0 : 1] }
    _ = update(&model, .added(id, spec, box: "local", created: Workbench.now), text: text)
    var times: [Double] = []
    while times.count < 600, !subscription.hasEnded {
      for event in try subscription.poll() { _ = update(&model, .event(id, event), text: text) }
      let began = Workbench.now
      for (index, stream) in ExecStream.allCases.enumerated() {
        texts[index].refresh(upTo: try bench.engine.snapshot(id).bytes[stream])
      }
      screen.show(view(model, text: text))
      let took = Workbench.now - began
      times.append(Double(took))
      // At the monitor's own pace: a thread that never sleeps would wait for its turn behind the floods.
      poll(nil, 0, Int32(max(0, 16 - Int(took / 1_000_000))))
    }
    try bench.engine.forceClose(id)
    return times
  }

  /// Reads and forgets what the terminal gets.
  private func discard(_ master: Int32) {
    _ = cexec_set_nonblocking(master, 0)
    EngineThread.start(name: "terminal") {
      var buffer = [UInt8](repeating: 0, count: 64 << 10)
      while read(master, &buffer, buffer.count) > 0 {}
    }
  }
}
