import BoxLiteWire
import ExecEngine
import ExecModel
import Synchronization
import TestSupport
import Testing

@testable import BoxLiteClient

/// Against a server that behaves as the real one: 256 KiB of backlog, no offsets, one client.
@Suite struct CutTests {
  /// Writes what the first argument names, and ends with 0.
  private static let echo: FakeServer.Script = { request, server, id in
    for word in request.arguments { server.write(id, word + "\n") }
    server.write(id, .stderr, Array("to stderr\n".utf8))
    server.end(id)
  }

  private func server(_ script: @escaping FakeServer.Script = echo) throws -> FakeServer {
    try FakeServer(script: script)
  }

  @Test func `a command without a cut is whole`() throws {
    let server = try server()
    defer { server.stop() }
    let record = try Watched().run("echo", "one", "two", in: BoxLiteBox(server))
    #expect(record.text == "one\ntwo\n" && record.stderr == Array("to stderr\n".utf8))
    #expect(record.status == .exited(0) && record.conclusion?.isWhole == true && record.gaps.isEmpty)
  }

  @Test(arguments: Fault.Cut.allCases, [0, 4, 8, 1000])
  func `a cut before, amid and after the output of a command that is over loses nothing`(
    cut: Fault.Cut, after: Int
  )
    throws
  {
    let server = try server()
    defer { server.stop() }
    server.plan(.cut(after: after, cut))
    let record = try Watched().run("echo", "one", "two", in: BoxLiteBox(server))
    #expect(record.text == "one\ntwo\n" && record.stderr == Array("to stderr\n".utf8))
    #expect(record.conclusion?.isWhole == true && record.gaps.isEmpty)
    // More than two when the old connection still had the place.
    #expect(server.state.value.withLock { $0.attaches } >= 2)
  }

  @Test func `with the drain switched off a cut before the output loses it silently`() throws {
    let server = try server()
    defer { server.stop() }
    server.plan(.cut(after: 0, .reset))
    var options = BoxLiteOptions.quick
    options.reconnect.drains = false
    let record = try Watched().run("echo", "one", in: BoxLiteBox(server, options))
    #expect(record.text.isEmpty && record.status == .exited(0) && record.conclusion?.isWhole == true)
  }

  @Test func `with the join switched off a replay is doubled silently`() throws {
    let server = try server { _, server, id in server.write(id, "one\n") }
    defer { server.stop() }
    var options = BoxLiteOptions.quick
    options.joins = false
    let watched = Watched()
    let id = try watched.engine.start(ExecutionSpec(command: ["slow"]), in: BoxLiteBox(server, options))
    try watched.waitForOutput(id, 4)
    server.change { state in
      state.executions["e1"]?.chunks.append((.stdout, Array("two\n".utf8)))
      state.executions["e1"]?.code = 0
      state.isCut = true
    }
    let record = try watched.record(id)
    #expect(record.text == "one\none\ntwo\n" && record.conclusion?.isWhole == true)
  }

  @Test func `an end whose rest cannot be fetched is reported as unproven`() throws {
    for last in [Fault.refuse(404), .refuse(410), .refuse(403), .cut(after: 0, .fin)] {
      let server = try server()
      server.plan(.cut(after: 4, .fin), last)
      let record = try Watched().run("echo", "one", "two", in: BoxLiteBox(server))
      #expect(record.status == .exited(0) && record.gaps == [.unprovenEnd, .unprovenEnd], "\(last)")
      #expect(record.conclusion?.isWhole == false)
      server.stop()
    }
  }

  @Test func `a place that is taken for a while after a cut is waited for`() throws {
    let server = try server()
    defer { server.stop() }
    server.plan(.cut(after: 4, .reset), .refuse(409), .refuse(409), .refuse(503), .refuse(409))
    let record = try Watched().run("echo", "one", "two", in: BoxLiteBox(server))
    #expect(record.text == "one\ntwo\n" && record.conclusion?.isWhole == true)
    #expect(server.state.value.withLock { $0.attaches } >= 6)
  }

  @Test func `a silent server is left when the read timeout expires`() throws {
    let server = try server()
    defer { server.stop() }
    server.plan(.mute(after: 4))
    var options = BoxLiteOptions.quick
    options.attach.silence = .milliseconds(400)
    let record = try Watched().run("echo", "one", "two", in: BoxLiteBox(server, options))
    #expect(record.text == "one\ntwo\n" && record.conclusion?.isWhole == true && record.gaps.isEmpty)
  }

  @Test func `frames after the exit frame are ignored, and the end stands`() throws {
    let server = try server()
    defer { server.stop() }
    server.plan(.exitFirst)
    let record = try Watched().run("echo", "one", in: BoxLiteBox(server))
    #expect(record.text.isEmpty && record.status == .exited(0))
  }

  @Test func `unknown frames are ignored`() throws {
    let server = try server()
    defer { server.stop() }
    server.plan(.noise)
    let record = try Watched().run("echo", "one", in: BoxLiteBox(server))
    #expect(record.text == "one\n" && record.conclusion?.isWhole == true)
  }

  @Test func `a frame that breaks the protocol ends the connection, and the next one has everything`() throws {
    for fault in [Fault.hugeFrame, .masked] {
      let server = try server()
      server.plan(fault)
      let record = try Watched().run("echo", "one", in: BoxLiteBox(server))
      #expect(record.text == "one\n" && record.conclusion?.isWhole == true, "\(fault)")
      #expect(server.state.value.withLock { $0.attaches } == 2)
      server.stop()
    }
  }

  @Test func `a command that goes on while the connection is cut joins where it was`() throws {
    let server = try server { request, server, id in
      for number in 0..<500 { server.write(id, "line \(number)\n") }
    }
    defer { server.stop() }
    server.plan(.cut(after: 1000, .fin), .cut(after: 3000, .reset))
    let watched = Watched()
    let id = try watched.engine.start(ExecutionSpec(command: ["count"]), in: BoxLiteBox(server))
    for number in 500..<1000 { server.write("e1", "line \(number)\n") }
    server.end("e1", -15)
    let record = try watched.record(id)
    #expect(record.text == (0..<1000).map { "line \($0)\n" }.joined())
    #expect(record.status == .signalled(15, coreDumped: false) && record.conclusion?.isWhole == true)
  }

  @Test func `more than the backlog while the connection is cut is a gap, at its place`() throws {
    let server = try server { _, server, id in server.write(id, "begin\n") }
    defer { server.stop() }
    let watched = Watched()
    let id = try watched.engine.start(ExecutionSpec(command: ["flood"]), in: BoxLiteBox(server))
    try watched.waitForOutput(id, 6)
    // In one step: the client finds all of it when it comes back.
    server.change { state in
      for number in 0..<400 {
        state.executions["e1"]?.chunks.append((.stdout, Array(String(repeating: "\(number) ", count: 300).utf8)))
      }
      state.executions["e1"]?.code = 0
      state.isCut = true
    }
    let record = try watched.record(id)
    #expect(record.gaps == [.lost] && record.places == [6])
    #expect(record.status == .exited(0) && record.conclusion?.unproven == .stdout)
    #expect(record.text.hasSuffix("399 "))
  }

  @Test(arguments: [1, 16])
  func `a thousand short commands, cut by chance, lose nothing and double nothing`(atATime: Int) throws {
    let seed = UInt64.random(in: .min ... .max)
    let random = Mutex(SeededGenerator(seed: seed))
    let server = try server()
    defer { server.stop() }
    server.chance {
      random.withLock { random in
        guard Int.random(in: 0..<3, using: &random) == 0 else { return .none }
        let cut = Fault.Cut.allCases.randomElement(using: &random) ?? .fin
        return .cut(after: Int.random(in: 0...40, using: &random), cut)
      }
    }
    let (watched, box) = (Watched(), BoxLiteBox(server))
    let wrong = Mutex<[String]>([])
    let unproven = Mutex(0)
    let count = 1000 / atATime
    let threads = (0..<atATime).map { worker in
      StartedThread {
        for number in 0..<count {
          let word = "worker \(worker) says \(number)"
          let record = try? watched.run("echo", word, in: box)
          // A client that is cut twice by chance while the rest is fetched gets an error.
          if record?.gaps == [.unprovenEnd, .unprovenEnd], (word + "\n").hasPrefix(record?.text ?? "x") {
            unproven.withLock { $0 += 1 }
            continue
          }
          if record?.text == word + "\n", record?.conclusion?.isWhole == true { continue }
          wrong.withLock { $0.append("\(word): \(record?.text ?? "nothing") \(record?.gaps ?? [])") }
        }
      }
    }
    for thread in threads { thread.join() }
    #expect(wrong.withLock { $0 }.isEmpty, "seed \(seed)")
    #expect(unproven.withLock { $0 } < 200, "seed \(seed)")
  }
}
