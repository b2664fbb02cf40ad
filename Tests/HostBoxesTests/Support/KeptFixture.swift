import ExecEngine
import Glibc
import HostBoxes

/// A kept box for the whole test run, removed at its end; those of runs that were killed are removed before.
final class KeptFixture: Sendable {
  static let shared = KeptFixture()

  let boxes: KeptBoxes
  let name = "tests-\(getpid())"
  /// The box, when it could be made.
  let box: KeptBox?
  /// Why it could not.
  let problem: String?

  private init() {
    let boxes = KeptBoxes(folder: "/var/tmp/boxwatch-tests-\(getuid())/boxes")
    self.boxes = boxes
    guard !Self.isSanitized else {
      (box, problem) = (nil, "the thread sanitizer cannot follow a clone(2) into other namespaces")
      return
    }
    for old in (try? boxes.names()) ?? [] where Self.isOrphan(old) { try? boxes.remove(old, force: true) }
    do {
      try boxes.create(name, BoxUnderTest.scratch)
      box = try boxes.box(named: name)
      problem = nil
      atexit { try? KeptFixture.shared.boxes.remove(KeptFixture.shared.name, force: true) }
    } catch {
      box = nil
      problem = error.description
    }
  }

  /// Whether `.ci/run` runs the tests under the thread sanitizer.
  static var isSanitized: Bool { getenv("BOXWATCH_TEST_SANITIZED") != nil }

  private static func isOrphan(_ name: String) -> Bool {
    guard let owner = name.split(separator: "-").last.flatMap({ Int32($0) }) else { return false }
    return kill(owner, 0) != 0
  }
}
