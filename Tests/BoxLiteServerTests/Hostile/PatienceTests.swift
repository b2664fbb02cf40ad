import BoxLiteServer
import ExecModel
import Glibc
import HostBoxes
import Testing

/// Clients that take nothing, say nothing, or are too many.
@Suite struct PatienceTests {
  private func isFree(_ fixture: ServerFixture, _ path: String) throws -> Bool {
    for _ in 0..<100_000 {
      let next = try fixture.connect()
      next.upgrade(path + "/attach")
      guard let status = next.answer()?.status, status != 409 else { continue }
      return status == 101
    }
    return false
  }

  @Test func `a client that reads nothing is disconnected after the write limit`() throws {
    var configuration = ServerConfiguration()
    configuration.times.write = .milliseconds(400)
    let fixture = try ServerFixture(configuration)
    let path = try fixture.execute("yes")
    let stuck = try fixture.attach(path + "/attach")
    #expect(try isFree(fixture, path))
    _ = stuck.readToEnd()
    #expect(stuck.isOver)
  }

  @Test func `a client that answers no ping is disconnected after the silence limit`() throws {
    var configuration = ServerConfiguration()
    configuration.times.ping = .milliseconds(50)
    configuration.times.silence = .milliseconds(300)
    let fixture = try ServerFixture(configuration)
    let path = try fixture.execute("cat")
    let mute = try fixture.attach(path + "/attach")
    #expect(mute.readToEnd())
    // One that trickles a frame is as mute: it cannot answer in the middle of it.
    let slow = try fixture.attach(path + "/attach")
    slow.send([0x82, 0xFF, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0])
    var sent = 0
    while sent < 2000, !slow.isOver, slow.send([7]) {
      sent += 1
      slow.fill(milliseconds: 10)
    }
    #expect(slow.isOver || sent < 2000)
    #expect(try isFree(fixture, path))
  }

  @Test func `a client that answers may be quiet for as long as it likes`() throws {
    var configuration = ServerConfiguration()
    configuration.times.ping = .milliseconds(50)
    configuration.times.silence = .milliseconds(300)
    let fixture = try ServerFixture(configuration)
    let client = try fixture.attach(try fixture.execute("cat") + "/attach")
    // Forty pings are two seconds.
    for _ in 0..<40 {
      guard let frame = client.nextFrame() else { break }
      #expect(frame.opcode == 9)
      client.frame(0x8A, frame.payload)
    }
    client.frame(0x81, Array(#"{"type":"stdin_eof"}"#.utf8))
    #expect(client.session().texts == [#"{"type":"exit","exit_code":0}"#])
  }

  @Test func `a slow reader that gets on is neither stuck nor silent`() throws {
    var configuration = ServerConfiguration()
    configuration.times.ping = .milliseconds(50)
    configuration.times.silence = .seconds(2)
    configuration.times.write = .seconds(2)
    let fixture = try ServerFixture(configuration)
    let path = try fixture.execute("head -c 6000000 /dev/zero")
    let slow = try fixture.attach(path + "/attach")
    var read = 0
    var never = pollfd(fd: -1, events: 0, revents: 0)
    // A piece each 30 ms: well over the two seconds that are allowed without any progress, and its answers come that late.
    while read < 6_000_000 {
      guard let frame = slow.nextFrame() else { break }
      if frame.opcode == 2 { read += frame.payload.count - 1 }
      if frame.opcode == 9 { slow.frame(0x8A, frame.payload) }
      poll(&never, 0, 30)
    }
    #expect(read == 6_000_000)
  }

  @Test func `a thousand idle sockets leave room for one that asks`() throws {
    ProcessLimits.raise()
    let fixture = try ServerFixture()
    let idle = try (0..<1000).map { _ in try fixture.connect() }
    #expect(try fixture.ask("GET", "/v1/config").status == 200)
    let client = try fixture.attach(try fixture.execute("echo hi") + "/attach")
    #expect(String(decoding: client.session().stdout, as: UTF8.self) == "hi\n")
    withExtendedLifetime(idle) {}
  }

  @Test func `one socket too many is refused with a message, far too many without`() throws {
    var configuration = ServerConfiguration()
    configuration.limits.sockets = 8
    let fixture = try ServerFixture(configuration)
    let idle = try (0..<8).map { _ in try fixture.connect() }
    // The server counts them when it accepts them.
    var answer = try fixture.ask("GET", "/v1/config")
    for _ in 0..<1000 where answer.status == 200 { answer = try fixture.ask("GET", "/v1/config") }
    #expect(answer.status == 429 && answer.body.contains("8 connections") && answer.body.contains("resource_exhausted"))
    var more = try (0..<8).map { _ in try fixture.connect() }
    for _ in 0..<1000 {
      // One of them may have been turned away while an answered one was still counted.
      more.append(try fixture.connect())
      answer = try fixture.ask("GET", "/v1/config")
      if answer.status == 0 { break }
    }
    #expect(answer.status == 0)
    withExtendedLifetime((idle, more)) {}
  }
}
