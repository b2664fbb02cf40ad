import BoxLiteWire
import ExecEngine
import ExecModel
import Synchronization
import TestSupport
import Testing

@testable import BoxLiteClient

/// Against boxwatch's own server, which can begin at any byte: every cut is exact.
@Suite struct OwnServerTests {
  private func box(_ endpoint: Endpoint, key: String? = nil) -> BoxLiteBox {
    BoxLiteBox(target: BoxLiteTarget(endpoint: endpoint, box: "web"), key: key, options: .quick)
  }

  @Test func `output, errors, the code and the input pass`() throws {
    let server = try OwnServer()
    defer { server.stop() }
    let watched = Watched()
    let spec = ExecutionSpec(command: ["sh", "-c", "cat; echo problem >&2; exit 7"], input: .pipe)
    let id = try watched.engine.start(spec, in: box(server.endpoint))
    try watched.engine.write(id, Array("to be read\n".utf8))
    try watched.engine.closeInput(id)
    let record = try watched.record(id)
    #expect(record.text == "to be read\n" && record.stderr == Array("problem\n".utf8))
    #expect(record.status == .exited(7) && record.conclusion?.isWhole == true)
  }

  @Test func `a key is shown, and a wrong one is one clear line`() throws {
    let server = try OwnServer(key: "sesame")
    defer { server.stop() }
    let record = try Watched().run("echo", "open", in: box(server.endpoint, key: "sesame"))
    #expect(record.text == "open\n")
    for key in [nil, "wrong"] {
      let refused = try Watched().run("echo", "open", in: box(server.endpoint, key: key))
      #expect(refused.status == .startFailed(.box) && refused.startError?.contains("key") == true)
      #expect(refused.startError?.contains("sesame") == false)
    }
  }

  @Test func `a command that cannot start says why, as it does here`() throws {
    let server = try OwnServer()
    defer { server.stop() }
    let (watched, box) = (Watched(), box(server.endpoint))
    #expect(try watched.run("no-such-command", in: box).status == .startFailed(.notFound))
    #expect(try watched.run("/etc/hostname", in: box).status == .startFailed(.notExecutable))
    let nowhere = ExecutionSpec(command: ["ls"], workingDirectory: "/nowhere")
    #expect(try watched.run(nowhere, in: box).status == .startFailed(.badDirectory))
    #expect(try watched.run(ExecutionSpec(command: ["a\0b"]), in: box).status == .startFailed(.badName))
  }

  @Test func `signals, the time limit and force reach the command`() throws {
    let server = try OwnServer()
    defer { server.stop() }
    let (watched, box) = (Watched(), box(server.endpoint))
    let limited = ExecutionSpec(command: ["sleep", "60"], timeLimit: .milliseconds(200))
    #expect(try watched.run(limited, in: box).status == .timedOut)
    let id = try watched.engine.start(
      ExecutionSpec(command: ["sh", "-c", "trap 'echo got it; exit 4' INT; echo ready; while :; do sleep 0.05; done"]),
      in: box)
    try watched.waitForOutput(id, 6)
    #expect(throws: SignalError.unsupported) { try watched.engine.signal(id, Signal(number: 19)) }
    try watched.engine.signal(id, .interrupt)
    let record = try watched.record(id)
    #expect(record.status == .exited(4) && record.text == "ready\ngot it\n")
    let other = try watched.engine.start(ExecutionSpec(command: ["sh", "-c", "echo up; exec sleep 60"]), in: box)
    try watched.waitForOutput(other, 3)
    try watched.engine.forceClose(other)
    #expect(try watched.record(other).status == .forceClosed)
  }

  @Test func `a sink that takes nothing stops the reading, and loses nothing`() throws {
    let server = try OwnServer()
    defer { server.stop() }
    let sink = StubbornSink(limit: 100_000)
    let process = try box(server.endpoint).start(ExecutionSpec(command: ["seq", "1", "300000"]), reportingTo: sink)
    #expect(sink.isFull.wait())
    sink.let(process)
    #expect(sink.hasEnded.wait())
    #expect(sink.text == (1...300_000).map { "\($0)\n" }.joined())
    #expect(sink.refusals > 3)
    process.release()
  }

  /// Each command is attached to several times; together a thousand.
  @Test func `a thousand attaches through a proxy that cuts anywhere are exact`() throws {
    let seed = UInt64.random(in: .min ... .max)
    let random = Mutex(SeededGenerator(seed: seed))
    let attaches = Mutex(0)
    let server = try OwnServer()
    defer { server.stop() }
    let proxy = try CuttingProxy(to: server.port) {
      attaches.withLock { $0 += 1 }
      return random.withLock { random in
        guard Int.random(in: 0..<8, using: &random) != 0 else { return nil }
        return (Int.random(in: 0...12_000, using: &random), Bool.random(using: &random))
      }
    }
    defer { proxy.stop() }
    let expected = (1...2000).map { "\($0)\n" }.joined()
    var options = BoxLiteOptions.quick
    options.reconnect.budget = .seconds(60)
    let box = BoxLiteBox(target: BoxLiteTarget(endpoint: proxy.endpoint, box: "web"), key: nil, options: options)
    let wrong = Mutex<[String]>([])
    let threads = (0..<4).map { _ in
      StartedThread {
        let watched = Watched()
        while attaches.withLock({ $0 }) < 1000 {
          let record = try? watched.run("sh", "-c", "seq 1 2000; echo done >&2", in: box)
          let isExact = record?.text == expected && record?.stderr == Array("done\n".utf8)
          // An end that cannot be fetched, cut twice without a byte between, is told.
          if record?.gaps.contains(.unprovenEnd) == true, expected.hasPrefix(record?.text ?? "x") { continue }
          if isExact, record?.conclusion?.isWhole == true { continue }
          wrong.withLock {
            $0.append("\(record?.stdout.count ?? -1) \(record?.gaps ?? []) \(record?.status?.words ?? "")")
          }
        }
      }
    }
    for thread in threads { thread.join() }
    #expect(wrong.withLock { $0 }.isEmpty, "seed \(seed)")
    #expect(proxy.cuts.value.load(ordering: .relaxed) > 500, "seed \(seed)")
  }
}
