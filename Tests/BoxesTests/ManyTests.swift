import ExecEngine
import ExecModel
import Glibc
import Testing

@testable import Boxes

/// Many commands at once, on a few threads.
@Suite(.timeLimit(.minutes(2)))
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
}
