import BoxwatchUI
import CExecShims
import CursesTerminal
import ExecEngine
import ExecModel
import Glibc
import Journal
import Widgets

/// One frame at 200 × 50 while a flood grows, against a bare write of as many bytes to the same terminal.
///
/// A frame is made when its bytes are there, and shown when the terminal has read the last of them. What lies between is the kernel's: on two cores that
/// producer and pump keep busy a writer and a reader wait for their turns, whatever they write; the baseline says how long.
@MainActor
struct FrameBenchmark {
  private static let frames = 400

  private struct Times {
    var made: [Double] = []
    var shown: [Double] = []
    var bare: [Double] = []
  }

  func run(_ bench: Workbench, _ report: inout Report) throws {
    var master: Int32 = -1
    var name = [CChar](repeating: 0, count: 128)
    guard cexec_open_terminal(50, 200, &master, &name, 128) == 0 else { return }
    let slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)
    setenv("TERM", "xterm-256color", 1)
    let screen = try CursesScreen(input: slave, output: slave)
    let times = try draw(bench, on: screen, FrameTerminal(master: master, slave: slave))
    screen.close()
    let (made, shown, bare) = (Samples(times.made), Samples(times.shown), Samples(times.bare))
    report.add("frame at 200×50, made, median", value: text(made.median), isMet: true, goal: "")
    report.add(
      "frame at 200×50, made, p99", value: text(made.quantile(0.99)), isMet: made.quantile(0.99) <= 4e6, goal: "≤ 4 ms")
    report.add(
      "frame at 200×50, shown, p99", ours: text(shown.quantile(0.99)), baseline: text(bare.quantile(0.99)),
      ratio: shown.quantile(0.99) / bare.quantile(0.99), goal: .none)
  }

  private func draw(_ bench: Workbench, on screen: CursesScreen, _ terminal: FrameTerminal) throws -> Times {
    let spec = ExecutionSpec(command: [bench.producer, "flood", "200000000000"], keep: .bytes(256 << 20))
    let id = try bench.engine.start(spec, in: bench.box)
    let subscription = try bench.engine.attach(id)
    let texts = [StreamText(subscription.journal, .stdout), StreamText(subscription.journal, .stderr)]
    var model = Model(Display(height: 50, width: 200))
    let text: TextLookup = { _, stream in texts[stream == .stdout ? 0 : 1] }
    _ = update(&model, .added(id, spec, box: "local", created: Workbench.now), text: text)
    var times = Times()
    while times.shown.count < Self.frames, !subscription.hasEnded {
      for event in try subscription.poll() { _ = update(&model, .event(id, event), text: text) }
      let began = Workbench.now
      for (index, stream) in ExecStream.allCases.enumerated() {
        texts[index].refresh(upTo: try bench.engine.snapshot(id).bytes[stream])
      }
      guard screen.make(view(model, text: text)) else { continue }
      times.made.append(Double(Workbench.now - began))
      screen.send()
      if let end = terminal.waitForFrame() { times.shown.append(Double(end - began)) }
      rest(since: began)
      let bare = Workbench.now
      if let end = terminal.writeBare() { times.bare.append(Double(end - bare)) }
      rest(since: bare)
    }
    try bench.engine.forceClose(id)
    return times
  }

  /// Keeps the monitor's own pace: a thread that never sleeps would wait for its turn behind the floods.
  private func rest(since began: UInt64) { poll(nil, 0, Int32(max(0, 16 - Int((Workbench.now - began) / 1_000_000)))) }

  private func text(_ nanoseconds: Double) -> String { "\(Report.text(nanoseconds / 1e6)) ms" }
}
