import ExecEngine
import ExecModel
import Glibc
import Journal
import SystemPackage

/// The real program in a real pseudo terminal of 50 × 200 cells, driven and read through our own engine.
final class MonitorRun {
  private let bench: Workbench
  private let state: FilePath
  private let id: ExecutionID
  private let subscription: Subscription
  private let wake = Semaphore()
  /// The last bytes that the program drew, at most 256 KiB.
  private var recent: [UInt8] = []
  /// Whether the screen has said of its execution that it is over.
  private(set) var saysOver = false
  /// Whether the text to look out for was drawn.
  private(set) var hasSeenMark = false
  private let mark: [UInt8]
  /// Its process.
  let pid: Int32

  /// - Parameter mark: a text to look out for, however the screen changes afterwards.
  init(_ bench: Workbench, _ arguments: [String], mark: String = "") throws {
    self.mark = Array(mark.utf8)
    self.bench = bench
    state = bench.folder.appending("state-\(UInt64.random(in: .min ... .max))")
    let environment = [
      EnvironmentVariable(name: "XDG_STATE_HOME", value: state.string),
      EnvironmentVariable(name: "TERM", value: "xterm-256color"), EnvironmentVariable(name: "LC_ALL", value: "C.UTF-8"),
    ]
    let spec = ExecutionSpec(
      command: [bench.boxwatch] + arguments, environment: environment, terminal: TerminalSize(rows: 50, columns: 200),
      keep: .all)
    id = try bench.engine.start(spec, in: bench.box)
    subscription = try bench.engine.attach(id)
    pid = try bench.engine.snapshot(id).processIdentifier ?? 0
  }

  /// Types.
  func type(_ text: String) throws { try bench.engine.write(id, Array(text.utf8)) }

  /// Reads what the program draws until `found` says so or the time is up; nanoseconds waited, or nil.
  func wait(milliseconds: Int, until found: ([UInt8]) -> Bool) throws -> UInt64? {
    let began = Workbench.now
    let deadline = began + UInt64(milliseconds) * 1_000_000
    while true {
      if found(recent) { return Workbench.now - began }
      if try read() { continue }
      let now = Workbench.now
      if subscription.hasEnded || now >= deadline { return nil }
      let rest = Int32((deadline - now) / 1_000_000) + 1
      if subscription.arm({ [wake] in wake.signal() }) { wake.wait(milliseconds: rest) }
    }
  }

  /// Waits for a text that the program draws in one piece.
  func wait(for text: String, milliseconds: Int = 5000) throws -> UInt64? {
    let needle = Array(text.utf8)
    return try wait(milliseconds: milliseconds) { $0.contains(needle) }
  }

  /// Forgets what was drawn so far.
  func forget() throws {
    while try read() {}
    recent = []
  }

  private func read() throws -> Bool {
    let events = try subscription.poll()
    for event in events {
      guard case .output(let stream, let range, _, _) = event.event else { continue }
      var chunk = [UInt8](repeating: 0, count: range.count)
      _ = try chunk.withUnsafeMutableBytes { try subscription.journal.read(stream, at: range.lowerBound, into: $0) }
      recent += chunk
      hasSeenMark = hasSeenMark || chunk.contains(mark)
      saysOver = saysOver || ["done", "failed"].contains { chunk.contains(Array($0.utf8)) }
      if recent.count > 256 << 10 { recent.removeFirst(recent.count - 128 << 10) }
    }
    return !events.isEmpty
  }

  /// Leaves the monitor, killing what runs, and waits for its end.
  func quit() throws {
    try type("q")
    _ = try wait(milliseconds: 300) { _ in false }
    if !subscription.hasEnded { try type("y") }
    _ = try wait(milliseconds: 8000) { _ in self.subscription.hasEnded }
    if !subscription.hasEnded { try bench.engine.forceClose(id) }
  }

  /// What the one execution of the program's own engine brought: bytes, and nanoseconds from its start to its exit.
  func inner() throws -> (bytes: UInt64, nanoseconds: UInt64) { try Self.inner(state) }

  /// Reads the newest journal below a state directory.
  static func inner(_ state: FilePath) throws -> (bytes: UInt64, nanoseconds: UInt64) {
    guard let folder = opendir(state.appending("boxwatch/executions").string) else { return (0, 1) }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if !name.hasPrefix(".") { names.append(name) }
    }
    guard let name = names.max() else { return (0, 1) }
    return try measure(JournalReader(opening: state.appending("boxwatch/executions/\(name)")))
  }

  private static func measure(_ reader: JournalReader) throws -> (bytes: UInt64, nanoseconds: UInt64) {
    var (bytes, began, ended): (UInt64, UInt64, UInt64) = (0, 0, 1)
    var position: UInt64 = 0
    while case let events = try reader.records(from: position, limit: 512), let last = events.last {
      for event in events {
        switch event.event {
        case .started: began = event.time
        case .exited: ended = event.time
        case .exit(let conclusion): bytes = conclusion.bytes.total
        default: break
        }
      }
      position = last.sequence + 1
    }
    return (bytes, max(1, ended - began))
  }
}
