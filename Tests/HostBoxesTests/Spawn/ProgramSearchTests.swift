import ExecEngine
import ExecModel
import Testing

@testable import HostBoxes

@Suite
struct ProgramSearchTests {
  private static func failure(_ search: ProgramSearch, _ name: String) -> BoxError? {
    do {
      _ = try search.find(name)
      return nil
    } catch {
      return error
    }
  }

  @Test
  func `the first that can be run in PATH is found, past files that cannot`() throws {
    let (first, second) = (Scratch(), Scratch())
    try first.file("tool", "data")
    let program = try second.file("tool", "#!/bin/sh\n", mode: 0o755)
    #expect(try ProgramSearch(path: "\(first.path):\(second.path)", directory: nil).find("tool") == program)
  }

  @Test
  func `a file that may not be run is named when nothing better follows`() throws {
    let scratch = Scratch()
    let plain = try scratch.file("tool", "data")
    let error = Self.failure(ProgramSearch(path: "\(scratch.path):/usr/bin", directory: nil), "tool")
    #expect(error?.failure == .notExecutable)
    #expect(error?.description.contains(plain) == true)
  }

  @Test
  func `a directory of the name in PATH does not count`() {
    let error = Self.failure(ProgramSearch(path: "/usr", directory: nil), "bin")
    #expect(error?.failure == .notFound)
  }

  @Test
  func `a relative path starts in the working directory`() throws {
    let scratch = Scratch()
    try scratch.file("tool", "#!/bin/sh\n", mode: 0o755)
    #expect(try ProgramSearch(path: nil, directory: scratch.path).find("./tool") == "./tool")
    #expect(Self.failure(ProgramSearch(path: nil, directory: "/usr"), "./tool")?.failure == .notFound)
  }

  @Test
  func `an empty part of PATH is the working directory`() throws {
    let scratch = Scratch()
    try scratch.file("tool", "#!/bin/sh\n", mode: 0o755)
    #expect(try ProgramSearch(path: "/nowhere:", directory: scratch.path).find("tool") == "./tool")
  }

  @Test
  func `without PATH the system's folders are searched`() throws {
    #expect(try ProgramSearch(path: nil, directory: nil).find("sh") == "/bin/sh")
  }

  @Test
  func `a program that a sandbox does not show is told from one that is nowhere`() throws {
    let scratch = Scratch()
    try scratch.file("tool", "#!/bin/sh\n", mode: 0o755)
    var view = SandboxView()
    view.add(.shown("/usr"))
    let search = ProgramSearch(path: scratch.path + ":/usr/bin", directory: "/", view: .sandbox(view))
    #expect(try search.find("env") == "/usr/bin/env")
    let hidden = Self.failure(search, "tool")
    #expect(hidden?.failure == .notFound)
    #expect(hidden?.description.contains("not visible in the sandbox") == true)
    #expect(Self.failure(search, "/usr/bin")?.failure == .notExecutable)
  }
}
