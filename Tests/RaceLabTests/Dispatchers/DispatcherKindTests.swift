import ExecModel
import RaceLab
import Testing

@Suite struct DispatcherKindTests {
  @Test func `each kind is found by its name`() throws {
    let names = DispatcherKind.allCases.map(\.name)
    #expect(
      names == [
        "exit-first", "exit-gated", "late-registration", "fixed-timer", "until-empty", "eof-only", "drain-ordered",
      ])
    for kind in DispatcherKind.allCases {
      #expect(try DispatcherKind(name: kind.name) == kind)
      #expect(kind.make().kind == kind)
      #expect(!kind.summary.isEmpty && !kind.origin.isEmpty)
    }
  }

  @Test func `an unknown name is answered with those that there are`() {
    let error = #expect(throws: TextValueError.self) { try DispatcherKind(name: "exitfirst") }
    #expect(
      error?.description.hasPrefix("'exitfirst' is not a dispatcher; the dispatchers are exit-first, exit-gated,")
        == true)
  }

  @Test func `only drain-ordered promises all`() {
    for kind in DispatcherKind.allCases { #expect((kind.promises == .all) == (kind == .drainOrdered)) }
  }
}
