import ExecEngine
import ExecModel
import Linux

/// The names that a kept box can have: they are used as a file name, a host name and an option value.
enum KeptName {
  /// Rejects invalid names.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` that says what a valid name is.
  static func check(_ name: String) throws(BoxError) {
    let isName = (1...63).contains(name.utf8.count) && name.utf8.allSatisfy(isPlain)
    guard isName, let first = name.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: ".") else {
      throw BoxError(
        .badName,
        "'\(name)' is not a name for a box; use 1 to 63 letters, digits, '-', '_' and '.', a letter or digit first")
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-_.".utf8.contains(byte)
    }
  }
}

/// A unique identity of a process: its ID, which can be reused, and its start time.
struct ProcessIdentity: Hashable, Sendable {
  let processIdentifier: Int32
  /// In clock ticks since boot; not comparable across boots.
  let startTime: UInt64

  init(processIdentifier: Int32, startTime: UInt64) {
    (self.processIdentifier, self.startTime) = (processIdentifier, startTime)
  }

  /// The process that has an ID now; nil when there is none.
  init?(of processIdentifier: Int32) {
    guard let startTime = ProcessDirectory(processIdentifier: processIdentifier).startTime() else { return nil }
    self.processIdentifier = processIdentifier
    self.startTime = startTime
  }

  /// Whether it exists, is not a zombie, and is not exiting.
  ///
  /// The first process of a namespace ends only after all others were reaped, and the commands are reaped by their
  /// watchers.
  var isAlive: Bool {
    let directory = ProcessDirectory(processIdentifier: processIdentifier)
    guard directory.startTime() == startTime, let state = directory.state() else { return false }
    return state != UInt8(ascii: "Z") && state != UInt8(ascii: "X") && !directory.isExiting()
  }
}

/// The stored record of a kept box, through which every process of the user finds it.
struct KeptRecord: Hashable, Sendable {
  let name: String
  /// Seconds since 1970.
  let created: Int64
  /// The boot in which it was made.
  let boot: String
  /// bubblewrap's process outside.
  let monitor: ProcessIdentity
  /// The first process inside; when it ends, all others end.
  let first: ProcessIdentity
  /// The sleeping process inside that keeps the box.
  let keeper: ProcessIdentity
  let options: SandboxOptions
  let group: Cgroup

  /// Whether it can accept commands.
  var isAlive: Bool { boot == BootIdentifier.currentText && first.isAlive }

  /// The error for a box that has ended.
  var death: BoxError {
    BoxError(
      .box, "the kept box '\(name)' has ended: make it again with boxwatch box create \(name), or remove it with box rm"
    )
  }

  /// The processes that run in it, without bubblewrap's and the keeper; threads are not counted.
  func commands() -> [Int32] {
    let own: Set<Int32> = [first.processIdentifier, keeper.processIdentifier]
    guard isAlive, let space = Self.space(of: first.processIdentifier) else { return [] }
    return ProcessDirectory.all().filter { !own.contains($0) && Self.space(of: $0) == space }
  }

  /// The process ID namespace of a process.
  private static func space(of process: Int32) -> String? {
    ProcessDirectory(processIdentifier: process).link("ns/pid")
  }
}
