import ExecEngine
import Glibc
import JSON
import Testing

@testable import HostBoxes

/// The files of the kept boxes, without a sandbox.
@Suite struct KeptFilesTests {
  private let scratch = Scratch()

  @Test func `a process that holds the lock and does not finish is waited for, but not for ever`() throws {
    chmod(scratch.path, 0o700)
    let files = KeptFiles(folder: scratch.path + "/boxes")
    try files.locked { () throws(BoxError) in
      let error = #expect(throws: BoxError.self) { try files.locked(patience: 20) {} }
      #expect(error?.description.contains("is it stopped?") == true)
    }
    try files.locked(patience: 0) {}
  }

  /// Written by the encoder of an earlier boxwatch, Foundation's.
  private static let earlier = """
    {"monitor":{"processIdentifier":11,"startTime":18446744073709551615},"boot":"b","name":"n","created":5,\
    "keeper":{"processIdentifier":13,"startTime":3},"first":{"processIdentifier":12,"startTime":2},\
    "options":{"binds":[{"source":"\\/a","target":"\\/b","isReadOnly":true}],"hasNetwork":false,\
    "limits":{"memory":8388608,"processes":5}},\
    "group":{"folders":[{"version":2,"path":"\\/sys","controllers":["memory","pids"]}]}}
    """

  @Test func `a record of an earlier boxwatch is read, and written with the same members`() throws {
    let record = try KeptRecord(decoding: Array(Self.earlier.utf8))
    #expect(record.monitor.processIdentifier == 11 && record.monitor.startTime == .max)
    #expect(record.options.binds == [SandboxBind(source: "/a", target: "/b", isReadOnly: true)])
    #expect(record.options.limits == BoxLimits(memory: 8 << 20, processes: 5))
    #expect(record.group.folders.first?.controllers == [.memory, .pids])
    #expect(try KeptRecord(decoding: record.encoded()) == record)
    #expect(Self.members(record.encoded()) == Self.members(Array(Self.earlier.utf8)))
  }

  /// The names of all members, sorted.
  private static func members(_ bytes: [UInt8]) -> [String] {
    func names(_ value: JSONValue) -> [String] {
      switch value {
      case .object(let members): members.flatMap { [$0.name] + names($0.value) }
      case .array(let values): values.flatMap(names)
      default: []
      }
    }
    return ((try? JSONValue(parsing: bytes)).map(names) ?? []).sorted()
  }

  @Test func `a record that is damaged says which field, and which file to remove`() throws {
    chmod(scratch.path, 0o700)
    let files = KeptFiles(folder: scratch.path + "/boxes")
    try files.prepare()
    let text = Self.earlier.replacing(#""created":5"#, with: #""created":"5""#)
    let file = open(scratch.path + "/boxes/n.json", O_WRONLY | O_CREAT, 0o600)
    _ = write(file, text, text.utf8.count)
    close(file)
    let error = #expect(throws: BoxError.self) { try files.record(of: "n") }
    #expect(error?.description.contains("field 'created'") == true)
    #expect(error?.description.contains("remove '\(scratch.path)/boxes/n.json'") == true)
  }
}
