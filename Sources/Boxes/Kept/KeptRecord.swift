import ExecEngine
import ExecModel

/// Names that a kept box can have: its file's, its host's and an option's value.
enum KeptName {
  /// Refuses others.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` with what a name is.
  static func check(_ name: String) throws(BoxError) {
    let isName = (1...63).contains(name.utf8.count) && name.utf8.allSatisfy(isPlain)
    guard isName, let first = name.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: ".") else {
      throw BoxError(
        .badName,
        "'\(name)' is no name for a box: use 1 to 63 letters, digits, '-', '_' and '.', a letter or digit first")
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

/// Which start of the machine this is (proc_sys_kernel_random(5)).
enum BootIdentifier {
  /// The kernel's word for it; empty when it says none.
  static let current = CgroupFile.words("/proc/sys/kernel/random/boot_id").first.map(String.init) ?? ""
}

/// A process for ever: its number, which others get later, and when it began.
struct ProcessIdentity: Hashable, Sendable, Codable {
  let processIdentifier: Int32
  /// In clock ticks since the machine began; with another boot it says nothing.
  let startTime: UInt64

  /// The process that has a number now; nil when there is none.
  init?(of processIdentifier: Int32) {
    guard let startTime = ProcessDirectory(processIdentifier: processIdentifier).startTime() else { return nil }
    self.processIdentifier = processIdentifier
    self.startTime = startTime
  }

  /// Whether it is there, is no zombie, and is not ending.
  ///
  /// The first process of a namespace ends only after all others were reaped, and the commands are their watchers' to reap.
  var isAlive: Bool {
    let directory = ProcessDirectory(processIdentifier: processIdentifier)
    guard directory.startTime() == startTime, let state = directory.state() else { return false }
    return state != UInt8(ascii: "Z") && state != UInt8(ascii: "X") && !directory.isExiting()
  }
}

/// What is written down about a kept box, so that every process of the user finds it.
struct KeptRecord: Hashable, Sendable, Codable {
  let name: String
  /// Seconds since 1970.
  let created: Int64
  /// The machine's start in which it was made.
  let boot: String
  /// bubblewrap's process outside.
  let monitor: ProcessIdentity
  /// The first process inside, which ends everything with it.
  let first: ProcessIdentity
  /// The process inside that does nothing, so that the box stays.
  let keeper: ProcessIdentity
  let options: SandboxOptions
  let group: Cgroup

  /// Whether it can still take commands in.
  var isAlive: Bool { boot == BootIdentifier.current && first.isAlive }

  /// What is said of one that is not.
  var death: BoxError {
    BoxError(
      .box, "the kept box '\(name)' has ended: make it again with boxwatch box create \(name), or remove it with box rm"
    )
  }

  /// The processes that run in it now, bubblewrap's own and the keeper left out, with threads not counted.
  func commands() -> [Int32] {
    let own: Set<Int32> = [first.processIdentifier, keeper.processIdentifier]
    guard isAlive, let space = Self.space(of: first.processIdentifier) else { return [] }
    return ProcessDirectory.all().filter { !own.contains($0) && Self.space(of: $0) == space }
  }

  /// The namespace of process numbers in which a process is.
  private static func space(of process: Int32) -> String? {
    ProcessDirectory(processIdentifier: process).link("ns/pid")
  }
}
