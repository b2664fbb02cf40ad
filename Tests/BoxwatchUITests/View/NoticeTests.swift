import BoxwatchUI
import Testing

/// A sentence in the status line.
@Suite struct NoticeTests {
  private static let long =
    "cannot attach: no docker engine was found: there is no socket '/var/run/docker.sock': start it, or say by DOCKER_HOST where"

  @Test func `a notice that is too long for the line covers what is above it, and ends whole`() {
    var monitor = Monitor(24, 80)
    monitor.send(.notice(Self.long, isError: true))
    #expect(monitor.row(22).hasPrefix(" cannot attach: no docker engine was found"), "\(monitor.row(22))")
    #expect(monitor.row(23).contains("DOCKER_HOST where"), "\(monitor.row(23))")
  }

  @Test func `a short notice takes one line`() {
    var monitor = Monitor(24, 80)
    let before = monitor.row(22)
    monitor.send(.notice("copied", isError: false))
    #expect(monitor.row(22) == before)
    #expect(monitor.row(23).hasPrefix(" copied"))
  }

  @Test(arguments: [(5, 20), (10, 21), (6, 200)]) func `no notice needs more screen than there is`(
    height: Int, width: Int
  ) {
    var monitor = Monitor(height, width)
    monitor.send(.notice(Self.long, isError: true))
    #expect(monitor.row(height - 1).contains { $0 != " " })
  }
}
