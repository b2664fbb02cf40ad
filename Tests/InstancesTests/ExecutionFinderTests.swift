import Console
import ExecModel
import Journal
import SystemPackage
import TestSupport
import Testing

@testable import Instances

@Suite struct ExecutionFinderTests {
  private static let first = "20261124-055827-412345-k3f9x-1"
  private static let second = "20261124-055827-412399-p0z8m-2"
  private static let third = "20261123-235959-000001-aaaaa-1"

  private let all = [
    Listed.execution(first, name: "job"), Listed.execution(second, .interrupted, name: "job"),
    Listed.execution(third, Listed.done(.exited(0)), name: second),
  ]

  private func chosen(_ text: String) throws -> String {
    try ExecutionFinder.choose(text, from: all).id.description
  }

  @Test func `an identifier, its beginning, its short form and a name all mean one`() throws {
    for text in [Self.first, "k3f9x-1", "20261124-055827-4123459".dropLast().description, "job"] {
      #expect(try chosen(text) == Self.first)
    }
    #expect(try chosen("20261123") == Self.third)
  }

  @Test func `an identifier wins over another's name`() throws {
    #expect(try chosen(Self.second) == Self.second)
  }

  @Test func `of several with a name the only one that lives is meant, or else the newest`() throws {
    #expect(try chosen("job") == Self.first)
    let over = [
      Listed.execution(Self.second, .interrupted, name: "job"), Listed.execution(Self.third, .interrupted, name: "job"),
    ]
    #expect(try ExecutionFinder.choose("job", from: over).id.description == Self.second)
  }

  @Test func `what fits several or none is told in one line with the candidates`() {
    let live = all.map { execution in
      var execution = execution
      (execution.state, execution.spec.name) = (.running, "job")
      return execution
    }
    let ambiguous = #expect(throws: Failure.self) { try ExecutionFinder.choose("job", from: live) }
    #expect(ambiguous?.description.contains(Self.third) == true)
    let short = #expect(throws: Failure.self) { try chosen("20261124") }
    #expect(short?.description.contains(Self.first) == true)
    for text in ["", "nothing", "K3F9X-1", "-1"] { #expect(throws: Failure.self) { try chosen(text) } }
  }

  @Test func `a name that is no file's name reaches no file`() {
    let folder = ScratchFolder()
    let finder = ExecutionFinder(folder.path, InstanceDirectory(path: folder.path.appending("none")))
    for text in ["..", ".", "/", "../" + (folder.path.lastComponent?.string ?? ""), "a/b", "\u{0}"] {
      #expect(throws: Failure.self) { try finder.find(text) }
    }
  }
}
