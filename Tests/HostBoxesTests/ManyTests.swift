import ExecEngine
import ExecModel
import Glibc
import TestSupport
import Testing

@testable import HostBoxes

/// Many commands at once, on a few threads.
@Suite(.timeLimit(.minutes(10)))
struct ManyTests {
  private static func pumpThreads() -> Int {
    let folder = "/proc/self/task"
    guard let directory = opendir(folder) else { return 0 }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      withUnsafePointer(to: &entry.pointee.d_name) { name in
        name.withMemoryRebound(to: CChar.self, capacity: 256) { names.append(String(cString: $0)) }
      }
    }
    return names.compactMap { Int32($0) }.count { name(of: $0) == "boxwatch-pump" }
  }

  private static func name(of task: Int32) -> String {
    let descriptor = open("/proc/self/task/\(task)/comm", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count - 1)), as: UTF8.self)
  }

  @Test
  func `five hundred at once need no thread of their own, and each keeps its output`() async throws {
    let spec = ExecutionSpec(command: ["cat"], input: .pipe)
    let runs = try (0..<500).map { _ in try Run(LocalBox(), spec) }
    // Two that pump for everybody, one that makes sandboxes, and the three of the group that another test stops.
    #expect(Self.pumpThreads() <= 7)
    for (index, run) in runs.enumerated() {
      run.process.write(Array("\(index)\n".utf8)) { _ in }
      run.process.closeInput()
    }
    for (index, run) in runs.enumerated() {
      #expect(await run.finish().text == "\(index)\n")
    }
  }

  @Test
  func `a thousand short commands under four burning processes lose nothing`() async throws {
    let burners = try (0..<4).map { _ in try Run(LocalBox(), script: Burners.script) }
    await withTaskGroup(of: Int.self) { group in
      for _ in 0..<8 { group.addTask { await Self.wholeRuns(125) } }
      #expect(await group.reduce(0, +) == 1000)
    }
    for burner in burners { burner.process.release() }
  }

  private static func wholeRuns(_ count: Int) async -> Int {
    var whole = 0
    for _ in 0..<count {
      guard let record = try? await Run(LocalBox(), script: "echo X && exit 0").finish() else { continue }
      if record.text == "X\n", record.stderr.isEmpty, record.status == .exited(0) { whole += 1 }
    }
    return whole
  }

  @Test
  func `two hundred outputs of 60 kB without a newline at the end arrive byte for byte`() async throws {
    let expected = Array(repeating: UInt8(ascii: "z"), count: 60_000)
    for _ in 0..<200 {
      let record = try await Run(LocalBox(), script: "head -c 60000 /dev/zero | tr '\\0' z").finish()
      #expect(record.stdout == expected)
    }
  }
}
