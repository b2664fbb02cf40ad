import BoxwatchUI
import ExecModel
import Testing
import Widgets

/// Rows of executions that clients of the server start.
@Suite struct ClientsTests {
  private func served(_ width: Int = 120, address: String = "127.0.0.1:8100", clients: Int = 3) -> Monitor {
    var monitor = Monitor(24, width)
    monitor.send(.server(ServerStatus(address: address, clients: clients)))
    return monitor
  }

  private func second(_ monitor: inout Monitor, _ number: UInt64) {
    monitor.send(.tick(now: number * 1_000_000_000, clock: "14:02:\(number)"))
  }

  @Test func `the header shows where the server listens, and how many clients it has`() {
    #expect(served().row(0).hasPrefix(" boxwatch   serve 127.0.0.1:8100 · 3 clients   no execs"))
    #expect(served(clients: 1).row(0).contains("· 1 client   "))
  }

  @Test func `a narrow header gives up the states, then the words, and at last the address`() {
    var monitor = served(200)
    for state in [ExitStatus.exited(0), .exited(3), .timedOut, .forceClosed] {
      monitor.add(["x"], origin: .client)
      monitor.finish(state, monitor.model.rows.count)
    }
    var headers: [String] = []
    for width in [120, 80, 60, 44, 36, 26] {
      monitor.send(.resized(rows: 24, columns: width))
      headers.append(monitor.row(0))
    }
    #expect(headers[0].contains("3 clients   4 execs: 1 killed, 1 ended, 1 failed, 1 done"))
    #expect(headers[1].contains("3 clients   4 execs ") && headers[1].hasSuffix("14:02:11"), "\(headers)")
    #expect(headers[2].contains("127.0.0.1:8100 · 3 clients"), "\(headers)")
    #expect(headers[3].contains("3 clients") && headers[4].contains("3 clients") && headers[5].contains("3 clients"))
  }

  @Test func `a long path is cut at its beginning`() {
    var monitor = served(60, address: "unix:/run/user/1000/some/where/boxwatch.socket")
    #expect(monitor.row(0).contains("…xwatch.socket · 3 clients   no execs"), "\(monitor.row(0))")
    monitor.model.display.isUTF8 = false
    #expect(monitor.row(0).contains("..watch.socket - 3 clients   no execs"), "\(monitor.row(0))")
  }

  @Test func `a client's execution is marked, and the question tells of the clients`() {
    var monitor = served()
    monitor.add(["make"], origin: .client)
    #expect(monitor.row(2).contains("local client make"), "\(monitor.screen)")
    #expect(monitor.type("q") == [] && monitor.has("3 clients are attached to the server."))
    monitor.finish()
    #expect(Summary.text(monitor.model.rows) { _, _ in nil }.hasPrefix("[1] make (local, for a client): done"))
  }

  @Test func `a client's execution is in the box that the client knows`() {
    var monitor = served()
    monitor.add(["make"], origin: .client, user: "nobody", clientBox: ClientBox(id: "box-1", name: "web"))
    #expect(monitor.row(2).contains("web client make"), "\(monitor.screen)")
    #expect(monitor.has("client · as nobody"), "\(monitor.screen)")
    monitor.finish()
    let summary = Summary.text(monitor.model.rows) { _, _ in nil }
    #expect(summary.hasPrefix("[1] make (web as nobody, for a client): done"), "\(summary)")
  }

  @Test func `the newest execution is shown when the one before has been over for a second`() {
    var monitor = served()
    monitor.add(["first"], origin: .client)
    monitor.add(["second"], origin: .client)
    second(&monitor, 2)
    #expect(monitor.model.selection == 0, "the first still runs")
    monitor.finish(.exited(0), 1)
    second(&monitor, 3)
    #expect(monitor.model.selection == 0, "it has just ended")
    second(&monitor, 4)
    #expect(monitor.model.selection == 1)
  }

  @Test func `a user who has chosen an execution or reads in it is not moved away`() {
    var chosen = served()
    for _ in 1...3 { chosen.add(["x"], origin: .client) }
    chosen.finish(.exited(0), 1)
    chosen.type("]")
    second(&chosen, 9)
    #expect(chosen.model.selection == 1)
    var reading = served()
    reading.add(["x"], origin: .client)
    reading.output((1...99).map { "\($0)\n" }.joined())
    reading.type("<tab>k")
    reading.finish(.exited(0), 1)
    reading.add(["y"], origin: .client)
    second(&reading, 9)
    #expect(reading.model.selection == 0)
  }

  @Test func `of very many finished rows of clients the oldest go, and numbers stay`() {
    var monitor = served()
    monitor.add(["mine"])
    for number in 2...260 {
      monitor.add(["x"], origin: .client)
      monitor.finish(.exited(number.isMultiple(of: 2) ? 0 : 1), number)
    }
    #expect(monitor.model.rows.count < 210 && monitor.model.rows.first?.number == 1)
    #expect(
      monitor.model.rows.last?.number == 260 && monitor.row(0).contains("260 execs: 130 done, 129 failed, 1 running"))
    #expect(monitor.effects.filter { if case .forget = $0 { true } else { false } }.count > 50)
    #expect(monitor.effects.contains(.forget(Monitor.id(2))))
    monitor.type("1")
    #expect(monitor.has("▸   1 ● running"), "\(monitor.screen)")
    monitor.type("2")
    #expect(monitor.status.contains("there is no execution 2"))
    let summary = Summary.text(monitor.model.rows, dropped: monitor.model.dropped) { _, _ in nil }
    #expect(summary.hasSuffix("clients ran 259 executions: 130 done, 129 failed\n") && summary.hasPrefix("[1] mine"))
  }
}
