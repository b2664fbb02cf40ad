import CExecShims
import ExecModel
import Glibc
import Linux
import Synchronization

/// The parameters of one spawn; boxes make them from specs.
struct SpawnRequest: Sendable {
  /// The program's file; relative to `directory`.
  var path: String
  /// The arguments, the command's name first.
  var arguments: [String]
  /// The complete environment.
  var environment: EnvironmentBlock
  /// The working directory; nil for this process's own.
  var directory: String?
  /// The source of standard input.
  var input: ExecutionSpec.Input
  /// The terminal's size; nil for pipes.
  var terminal: TerminalSize?
  /// The processes that receive signals.
  var route: SignalRoute = .group
  /// The files as the command sees them, for diagnosing an error.
  var view = FileView.host
  /// Cgroups and namespaces to start in; nil for this process's own.
  var entry: SpawnEntry?
  /// A gate that it waits at, as its descriptor 3; opened after the start.
  var gate: FilterGate?
  /// A cgroup that is released with it.
  var lease: CgroupLease?
  /// Whether the process dies with the thread that creates it.
  var needsLastingParent = false
}

/// Where a command is placed before the exec; the caller owns the descriptors and keeps them open until the start.
struct SpawnEntry: Sendable {
  /// The pidfd of a process whose namespaces are entered, or the descriptor of one namespace; nil for none.
  var target: Int32?
  /// The namespaces to enter.
  var namespaces: Namespaces = []
  /// `cgroup.procs` files of the groups to join, open for writing.
  var groups: [Int32] = []
  /// The system call filter of a command that may have and gain no capabilities; nil leaves its privileges unchanged.
  var filter: [UInt8]?
  /// Keeps `target` open.
  var tree: PreparedTree?
}

extension SpawnEntry {
  /// The entry of a process that makes a sandbox in a prepared tree.
  init(in tree: PreparedTree) {
    self.init(target: tree.namespace.raw, namespaces: .mounts, tree: tree)
  }
}

/// The limit of open files: an execution takes three, and a soft limit of 1,024 is common.
public enum ProcessLimits {
  /// The soft limit before it was raised, 0 when it was not.
  private static let original = Atomic<UInt64>(0)

  /// Raises this process's soft limit of open files to the hard one; the executable calls it once at its start.
  ///
  /// Commands get the old limit back by prlimit(2) right after their start, so that programs which use select(2) or
  /// close every possible descriptor behave as without boxwatch. In its first microseconds a command can still see the
  /// raised limit.
  public static func raise() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    let soft = UInt64(limit.rlim_cur)
    guard limit.rlim_cur < limit.rlim_max else { return }
    limit.rlim_cur = limit.rlim_max
    guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    original.store(soft, ordering: .relaxed)
  }

  /// Gives a command the limit that it would have without boxwatch.
  static func restore(in processIdentifier: Int32) {
    let soft = original.load(ordering: .relaxed)
    guard soft > 0 else { return }
    _ = cexec_set_descriptor_limit(processIdentifier, soft)
  }
}

/// An environment for commands: a byte-for-byte snapshot of this process's environment, and variables set on top.
struct EnvironmentBlock: Sendable {
  /// `NAME=VALUE` strings.
  private(set) var strings = CStringList()

  init() {}

  /// A snapshot of this process's environment.
  static func inherited() -> EnvironmentBlock {
    var block = EnvironmentBlock()
    var next: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = environ
    while let entry = next, let string = entry.pointee {
      block.strings.append(UnsafePointer(string))
      next = entry + 1
    }
    return block
  }

  /// The environment with variables set, in order; a later one overrides an earlier one.
  func setting(_ variables: [EnvironmentVariable]) -> EnvironmentBlock {
    guard !variables.isEmpty else { return self }
    var values: [String: String] = [:]
    for variable in variables { values[variable.name] = variable.value }
    var block = EnvironmentBlock()
    for index in 0..<strings.count where values[Self.name(of: strings[index])] == nil {
      block.strings.append(strings[index])
    }
    for variable in variables {
      guard let value = values.removeValue(forKey: variable.name) else { continue }
      block.strings.append(variable.name + "=" + value)
    }
    return block
  }

  /// The environment without variables of these names.
  func removing(_ names: Set<String>) -> EnvironmentBlock {
    var block = EnvironmentBlock()
    for index in 0..<strings.count where !names.contains(Self.name(of: strings[index])) {
      block.strings.append(strings[index])
    }
    return block
  }

  /// A variable's value; nil when it is not set.
  subscript(name: String) -> String? {
    let start = (name + "=").utf8.map { CChar(bitPattern: $0) }
    for index in 0..<strings.count where strings[index].starts(with: start) {
      let value = strings[index].dropFirst(start.count)
      return String(decoding: value.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    return nil
  }

  private static func name(of string: ArraySlice<CChar>) -> String {
    String(decoding: string.prefix { $0 != CChar(UInt8(ascii: "=")) }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// Strings as execve(2) takes them: one block of NUL-terminated strings, and the offset of each.
struct CStringList: Sendable {
  private var bytes: [CChar] = []
  private var offsets: [Int] = []

  /// Makes a list; a string that contains NUL would be truncated there, so check first.
  init(_ strings: [String] = []) {
    for string in strings { append(string) }
  }

  var count: Int { offsets.count }

  mutating func append(_ string: String) {
    offsets.append(bytes.count)
    bytes.append(contentsOf: string.utf8.lazy.map { CChar(bitPattern: $0) })
    bytes.append(0)
  }

  /// Adds a C string byte for byte, also one that is not UTF-8.
  mutating func append(_ string: UnsafePointer<CChar>) {
    offsets.append(bytes.count)
    var next = string
    while next.pointee != 0 {
      bytes.append(next.pointee)
      next += 1
    }
    bytes.append(0)
  }

  /// The bytes of one string without its NUL.
  subscript(index: Int) -> ArraySlice<CChar> {
    let end = index + 1 < offsets.count ? offsets[index + 1] : bytes.count
    return bytes[offsets[index]..<(end - 1)]
  }

  /// Adds a string of another list.
  mutating func append(_ string: ArraySlice<CChar>) {
    offsets.append(bytes.count)
    bytes.append(contentsOf: string)
    bytes.append(0)
  }

  /// Calls `body` with the strings as a NULL-terminated array of pointers.
  func withPointers<Result>(_ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Result) -> Result {
    bytes.withUnsafeBufferPointer { bytes in
      var pointers = offsets.map { offset in bytes.baseAddress.map { UnsafeMutablePointer(mutating: $0 + offset) } }
      pointers.append(nil)
      return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
    }
  }
}
