import BoxLiteServer
import Testing

/// Frames that RFC 6455 forbids, and limits of ours: each ends in a Close that says why, and frees the place.
@Suite struct FrameTests {
  private func close(
    _ configuration: ServerConfiguration = .init(), after bytes: [UInt8], times: Int = 1
  ) throws -> Int? {
    let fixture = try ServerFixture(configuration)
    let path = try fixture.execute("cat >/dev/null; echo done")
    let client = try fixture.attach(path + "/attach")
    for _ in 0..<times { if !client.send(bytes) { break } }
    let seen = client.session()
    #expect(seen.texts.isEmpty, "an exit frame after a broken one")
    client.reset()
    // The place is free again, and the command lives.
    while true {
      let next = try fixture.connect()
      next.upgrade(path + "/attach")
      guard next.answer()?.status == 101 else { continue }
      next.frame(0x81, Array(#"{"type":"stdin_eof"}"#.utf8))
      #expect(String(decoding: next.session().stdout, as: UTF8.self) == "done\n")
      return seen.close
    }
  }

  @Test(arguments: [0xC2, 0xA2, 0x92, 0xF1] as [UInt8]) func `reserved bits are refused`(first: UInt8) throws {
    #expect(try close(after: RawConnection.frame(first, [1, 2, 3])) == 1002)
  }

  @Test(arguments: [0x83, 0x87, 0x8B, 0x8F] as [UInt8]) func `reserved opcodes are refused`(first: UInt8) throws {
    #expect(try close(after: RawConnection.frame(first, [1])) == 1002)
  }

  @Test(arguments: [0x81, 0x82, 0x89, 0x88] as [UInt8]) func `unmasked frames are refused`(first: UInt8) throws {
    #expect(try close(after: RawConnection.frame(first, [3, 232], isMasked: false)) == 1002)
  }

  @Test(arguments: [0x88, 0x89, 0x8A] as [UInt8]) func `long control frames are refused`(first: UInt8) throws {
    #expect(try close(after: RawConnection.frame(first, [UInt8](repeating: 0, count: 126))) == 1002)
  }

  @Test(arguments: [0x08, 0x09, 0x0A] as [UInt8]) func `control frames in fragments are refused`(first: UInt8) throws {
    #expect(try close(after: RawConnection.frame(first, [3, 232])) == 1002)
  }

  @Test func `a frame beyond the limit is refused before it comes`() throws {
    var configuration = ServerConfiguration()
    configuration.limits.frame = 1000
    #expect(try close(configuration, after: [0x82, 0xFE, 0x03, 0xE9, 0, 0, 0, 0]) == 1009)
    #expect(try close(after: [0x82, 0xFF, 0x7F, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0]) == 1009)
    #expect(try close(after: [0x82, 0xFF, 0xFF, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0]) == 1009)
  }

  @Test func `a message beyond the limits is refused, by size and by number of fragments`() throws {
    var configuration = ServerConfiguration()
    configuration.limits.frame = 1000
    configuration.limits.fragments = 8
    let start = RawConnection.frame(0x02, [1])
    let middle = RawConnection.frame(0x00, [UInt8](repeating: 1, count: 400))
    #expect(try close(configuration, after: start + middle + middle + middle) == 1009)
    let small = (0..<8).flatMap { _ in RawConnection.frame(0x00, [1]) }
    #expect(try close(configuration, after: start + small) == 1002)
  }

  @Test func `messages of all clients that are not whole have a room, and small input needs none`() throws {
    var configuration = ServerConfiguration()
    (configuration.limits.pendingInput, configuration.limits.input) = (100_000, 250_000)
    let fixture = try ServerFixture(configuration)
    let paths = try (0..<4).map { _ in try fixture.execute("cat >/dev/null; echo done") }
    let part = RawConnection.frame(0x02, [UInt8](repeating: 1, count: 300_000))
    let rest = RawConnection.frame(0x80, [1]) + RawConnection.frame(0x81, Array(#"{"type":"stdin_eof"}"#.utf8))
    let first = try fixture.attach(paths[0] + "/attach")
    first.send(part + RawConnection.frame(0x89, [7]))
    // What came before the ping is held when it is answered.
    while let frame = first.nextFrame(), frame.opcode != 10 {}
    let second = try fixture.attach(paths[1] + "/attach")
    second.send(part + rest)
    let refused = second.session()
    #expect(refused.close == 1013 && refused.texts.first?.contains("resource_exhausted") == true, "\(refused)")
    let small = try fixture.attach(paths[2] + "/attach")
    small.send(RawConnection.frame(0x02, [UInt8](repeating: 1, count: 50_000)) + rest)
    #expect(small.session().texts == [#"{"type":"exit","exit_code":0}"#])
    first.send(rest)
    #expect(first.session().texts == [#"{"type":"exit","exit_code":0}"#])
    let last = try fixture.attach(paths[3] + "/attach")
    last.send(part + rest)
    #expect(last.session().texts == [#"{"type":"exit","exit_code":0}"#])
  }

  @Test func `fragments out of order and empty ones without end are refused`() throws {
    #expect(try close(after: RawConnection.frame(0x80, [1])) == 1002)
    #expect(try close(after: RawConnection.frame(0x02, [1]) + RawConnection.frame(0x82, [1])) == 1002)
    #expect(try close(after: RawConnection.frame(0x02, [1]) + RawConnection.frame(0x00)) == 1002)
  }
}
