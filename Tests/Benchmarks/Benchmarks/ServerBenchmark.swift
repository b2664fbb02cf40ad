import BoxLiteServer
import BoxLiteWire
import ExecEngine
import ExecModel
import Glibc
import Journal
import Linux
import Synchronization

/// BoxLite's REST path, with a plain client over loopback, against the engine in the same process.
struct ServerBenchmark {
  static let count = 1000
  static let rounds = 5
  static let bytes = 256 << 20

  func run(_ bench: Workbench, _ report: inout Report) throws {
    let server = try RESTServer(bench.engine, box: bench.box, at: .network(host: "127.0.0.1", port: 0))
    defer { server.stop() }
    guard case .network(_, let port) = server.address else { return }
    let client = try ServerClient(port: UInt16(port))
    try latency(bench, client, &report)
    for parallel in [1, 16] { try rate(bench, UInt16(port), parallel, &report) }
    try flood(bench, client, &report)
  }

  /// From before the request to the exit frame, which has the output before it.
  private func latency(_ bench: Workbench, _ client: ServerClient, _ report: inout Report) throws {
    let command = ["echo", "short"]
    var (ours, theirs): ([Double], [Double]) = ([], [])
    for round in 0...Self.rounds {
      for _ in 0..<(Self.count / Self.rounds) {
        let own = try Self.time { try client.run(command) == 6 }
        let engine = try Self.time { try Self.runInside(bench, command) == 6 }
        if round > 0 {
          ours.append(own)
          theirs.append(engine)
        }
      }
    }
    let (own, inside) = (Samples(ours), Samples(theirs))
    for (name, share) in [("median", 0.5), ("p99", 0.99)] {
      let (a, b) = (own.quantile(share), inside.quantile(share))
      report.add(
        "REST, echo to exit, \(name)", ours: Self.text(a), baseline: Self.text(b), ratio: a / b, goal: .atMost(3))
    }
  }

  private static func time(_ body: () throws -> Bool) throws -> Double {
    let began = Workbench.now
    guard try body() else { throw ServerClient.Failure("output is missing") }
    return Double(Workbench.now - began)
  }

  private static func text(_ nanoseconds: Double) -> String { "\(Int(nanoseconds / 1000)) µs" }

  /// Runs a command in the engine, reads all of its output, and returns how many bytes it had.
  private static func runInside(_ bench: Workbench, _ command: [String]) throws -> Int {
    let id = try bench.engine.start(ExecutionSpec(command: command, input: .pipe), in: bench.box)
    let subscription = try bench.engine.attach(id)
    let wake = Semaphore()
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var read = 0
    while true {
      let events = try subscription.poll()
      for event in events {
        switch event.event {
        case .output(let stream, let range, _, _): read += try Self.read(subscription.journal, stream, range, &buffer)
        case .exit: return read
        default: break
        }
      }
      if events.isEmpty, subscription.arm({ wake.signal() }) { wake.wait() }
    }
  }

  private static func read(
    _ journal: JournalReader, _ stream: ExecStream, _ range: Range<UInt64>, _ buffer: inout [UInt8]
  ) throws -> Int {
    var next = range.lowerBound
    while next < range.upperBound {
      let wanted = min(range.upperBound - next, UInt64(buffer.count))
      let result = try buffer.withUnsafeMutableBytes {
        try journal.read(stream, at: next, into: UnsafeMutableRawBufferPointer(rebasing: $0[..<Int(wanted)]))
      }
      guard case .bytes(let count) = result, count > 0 else { break }
      next += UInt64(count)
    }
    return Int(next - range.lowerBound)
  }

  private func rate(_ bench: Workbench, _ port: UInt16, _ parallel: Int, _ report: inout Report) throws {
    let command = ["echo", "short"]
    let clients = try (0..<parallel).map { _ in try ServerClient(port: port) }
    var (ours, theirs): ([Double], [Double]) = ([], [])
    for _ in 0..<Self.rounds {
      theirs.append(try perSecond(parallel) { _ in _ = try Self.runInside(bench, command) })
      ours.append(try perSecond(parallel) { _ = try clients[$0].run(command) })
    }
    let (own, inside) = (Samples(ours).median, Samples(theirs).median)
    report.add(
      "REST, echo, \(parallel) at a time", ours: "\(Int(own))/s", baseline: "\(Int(inside))/s", ratio: own / inside,
      goal: .atLeast(0.4))
  }

  private func perSecond(_ parallel: Int, _ body: @escaping @Sendable (Int) throws -> Void) throws -> Double {
    let began = Workbench.now
    let left = Mutex(Self.count)
    let running = Countdown(parallel)
    let failure = Mutex<(any Error)?>(nil)
    let wake = Semaphore()
    for number in 0..<parallel {
      DetachedThread.start(name: "benchmark-\(number)") {
        do {
          while left.withLock({ left in
            left -= 1
            return left >= 0
          }) { try body(number) }
        } catch { failure.withLock { $0 = error } }
        if running.finishOne() { wake.signal() }
      }
    }
    wake.wait()
    if let error = failure.withLock({ $0 }) { throw error }
    return Double(Self.count) * 1e9 / Double(Workbench.now - began)
  }

  /// One command that writes as fast as it can, read live.
  private func flood(_ bench: Workbench, _ client: ServerClient, _ report: inout Report) throws {
    let command = [bench.producer, "flood", "\(Self.bytes)"]
    var (ours, theirs): ([Double], [Double]) = ([], [])
    for round in 0...Self.rounds {
      let inside = try Self.time { try Self.runInside(bench, command) == Self.bytes }
      let own = try Self.time { try client.run(command) == Self.bytes }
      if round > 0 {
        theirs.append(inside)
        ours.append(own)
      }
    }
    let (own, inside) = (Samples(ours).median, Samples(theirs).median)
    report.add(
      "REST, 256 MiB live", ours: Self.rate(own), baseline: Self.rate(inside), ratio: inside / own, goal: .atLeast(0.3))
  }

  private static func rate(_ nanoseconds: Double) -> String {
    Report.text(Double(bytes) / nanoseconds * 1000) + " MB/s"
  }
}
