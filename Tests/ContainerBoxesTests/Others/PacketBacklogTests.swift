import ExecModel
import Testing

@testable import ContainerBoxes

@Suite struct PacketBacklogTests {
  private static func texts(_ backlog: PacketBacklog) -> [String] {
    var backlog = backlog
    var texts: [String] = []
    while let (stream, bytes) = backlog.first {
      texts.append(stream.name + " " + String(decoding: bytes, as: UTF8.self))
      backlog.drop(bytes.count)
    }
    return texts
  }

  @Test func `the first byte names the stream, and order is kept`() {
    var backlog = PacketBacklog()
    _ = backlog.add([2, 97, 98], hasTerminal: false)
    _ = backlog.add([3, 99], hasTerminal: false)
    #expect(Self.texts(backlog) == ["stdout ab", "stderr c"])
  }

  @Test func `with a terminal there is one stream`() {
    var backlog = PacketBacklog()
    _ = backlog.add([2, 97], hasTerminal: true)
    _ = backlog.add([3, 98], hasTerminal: true)
    #expect(Self.texts(backlog) == ["stdout a", "stdout b"])
  }

  @Test(arguments: [[], [2], [3], [9, 65], [0, 1, 2]] as [[UInt8]])
  func `what holds no output is passed over`(packet: [UInt8]) {
    var backlog = PacketBacklog()
    let isTaken = backlog.add(packet[...], hasTerminal: false)
    #expect(isTaken && backlog.first == nil)
  }

  @Test func `a part that was taken is not offered again`() {
    var backlog = PacketBacklog()
    _ = backlog.add([2, 97, 98, 99], hasTerminal: false)
    backlog.drop(2)
    #expect(Self.texts(backlog) == ["stdout c"])
  }

  @Test func `too much is refused, and more is accepted when some was taken`() {
    var backlog = PacketBacklog()
    let packet = [UInt8](repeating: 2, count: (1 << 20) + 1)
    for _ in 0..<64 { _ = backlog.add(packet[...], hasTerminal: false) }
    let isRefused = !backlog.add([2, 97], hasTerminal: false)
    backlog.drop(1 << 20)
    let isTaken = backlog.add([2, 97], hasTerminal: false)
    #expect(isRefused && isTaken)
  }
}
