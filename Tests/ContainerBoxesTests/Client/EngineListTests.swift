import Testing

@testable import ContainerBoxes

@Suite(.enabled(if: RealEngine.problem.isEmpty, "\(RealEngine.problem)"))
struct EngineListTests {
  @Test(arguments: RealEngine.all)
  func `running containers and images are listed`(_ real: RealEngine) throws {
    let container = try #require(try real.access.containers().first { $0.name == "boxwatch-conformance" })
    #expect(container.image.contains("boxwatch-test"))
    #expect(!container.status.isEmpty)
    #expect(try real.access.images().contains { $0.hasPrefix(real.image) })
  }

  @Test(arguments: RealEngine.all)
  func `an engine says what it is`(_ real: RealEngine) throws {
    let (facts, address) = try real.access.facts()
    #expect(facts.kind == real.kind)
    #expect(address == .unix(real.socket))
  }
}
