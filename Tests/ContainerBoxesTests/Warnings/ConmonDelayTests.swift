import Testing

@testable import ContainerBoxes

@Suite struct ConmonDelayTests {
  @Test func `the delay is conmon's last argument of that name`() {
    let arguments = ["/usr/bin/conmon", "-c", "cafe", "--exit-command-arg", "--exec", "--exit-delay", "300"]
    #expect(ConmonDelay.delay(arguments) == 300)
    #expect(ConmonDelay.delay(["conmon", "-c", "cafe"]) == nil)
    #expect(ConmonDelay.delay(["conmon", "--exit-delay"]) == nil)
    #expect(ConmonDelay.delay(["conmon", "--exit-delay", "soon"]) == nil)
  }

  @Test func `podman's default is warned of, with how many processes wait and what to set`() throws {
    let warning = try #require(ConmonDelay.warning(Array(repeating: 300, count: 100)))
    #expect(warning.contains("100 processes") && warning.contains("300 s"))
    #expect(warning.contains("exit_command_delay = 5"))
    #expect(!warning.contains("\n"))
  }

  @Test func `a short delay, or no conmon at all, gives no warning`() {
    #expect(ConmonDelay.warning([5, 5, 5]) == nil)
    #expect(ConmonDelay.warning([]) == nil)
  }
}
