import CExecShims
import Glibc

/// A system call in which a thread sleeps.
package struct SystemCall {
  /// Its number, which depends on the processor.
  package let number: Int64
  /// Its first argument.
  package let argument: UInt64

  /// Whether it is write(2) or writev(2).
  package var isWrite: Bool { number == Int64(SYS_write) || number == Int64(SYS_writev) }
}

/// The `/proc` directory of one process (proc(5)); every result may be out of date when it is returned.
package struct ProcessDirectory {
  package let processIdentifier: Int32

  /// Refers to a process, whether it exists or not.
  package init(processIdentifier: Int32) { self.processIdentifier = processIdentifier }

  /// The IDs of all visible processes.
  package static func all() -> [Int32] { FolderContents.names(in: "/proc").compactMap { Int32($0) } }

  /// The descriptors that the process can write to: their links and the links' targets, `pipe:[4711]` or a path.
  ///
  /// Empty when they may not be read.
  package func writableDescriptors() -> [(link: String, target: String)] {
    let folder = path("fd")
    return FolderContents.names(in: folder).map { folder + "/" + $0 }.filter(Self.isWritable).compactMap { link in
      Self.target(of: link).map { (link, $0) }
    }
  }

  /// The parent, the process group and the session, from `stat`.
  package func family() -> (parent: Int32, group: Int32, session: Int32)? {
    guard let fields = statFields(), fields.count > 3, let parent = Int32(fields[1]), let group = Int32(fields[2]),
      let session = Int32(fields[3])
    else { return nil }
    return (parent, group, session)
  }

  /// The fields of `stat` from the state on.
  ///
  /// The command's name before them is in parentheses and may contain any character, including parentheses, so the last
  /// closing one counts.
  package func statFields() -> [Substring]? {
    guard let text = read("stat"), let end = text.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    return String(decoding: text[(end + 1)...], as: UTF8.self).split(separator: " ")
  }

  /// The start time, in clock ticks since boot; together with the process ID it is unique.
  package func startTime() -> UInt64? {
    guard let fields = statFields(), fields.count > 19 else { return nil }
    return UInt64(fields[19])
  }

  /// The state's letter, from `stat`: `R`, `S`, `D`, `T`, `Z`; nil when there is no such process.
  package func state() -> UInt8? {
    guard let text = read("stat"), let end = text.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    return text.dropFirst(end + 2).first
  }

  /// Whether the process is exiting (`PF_EXITING` among its flags), also while it waits for other processes to end
  /// first.
  package func isExiting() -> Bool {
    guard let fields = statFields(), fields.count > 6 else { return false }
    return (UInt32(fields[6]) ?? 0) & 4 != 0
  }

  /// The system call in which the first thread sleeps, and its first argument, from `syscall`.
  ///
  /// Nil while it runs, and without permission (PTRACE_MODE_ATTACH_FSCREDS, ptrace(2)).
  package func systemCall() -> SystemCall? {
    guard let text = read("syscall", atMost: 256) else { return nil }
    let fields = String(decoding: text, as: UTF8.self).split(separator: " ")
    guard fields.count > 2, let number = Int64(fields[0]), fields[1].hasPrefix("0x"),
      let argument = UInt64(fields[1].dropFirst(2), radix: 16)
    else { return nil }
    return SystemCall(number: number, argument: argument)
  }

  /// The children of a thread, by default the first one, from `children`; empty where the kernel does not list them.
  package func children(ofThread thread: Int32? = nil) -> [Int32] {
    let text = readAll("task/\(thread ?? processIdentifier)/children")
    return String(decoding: text, as: UTF8.self).split(separator: " ").compactMap { Int32($0) }
  }

  /// The IDs of its threads.
  package func threads() -> [Int32] { FolderContents.names(in: path("task")).compactMap { Int32($0) } }

  /// Its cgroups, as `/proc/PID/cgroup` lists them (cgroups(7)); nil when there is no such process.
  package func groups() -> String? { read("cgroup").map { String(decoding: $0, as: UTF8.self) } }

  /// The target of a descriptor of the process, `pipe:[4711]` or a path.
  package func target(ofDescriptor number: UInt64) -> String? { Self.target(of: path("fd") + "/\(number)") }

  /// The target of a link of the process, such as `ns/pid`; nil when it may not be read.
  package func link(_ name: String) -> String? { Self.target(of: path(name)) }

  /// The process's ID in its innermost process ID namespace, from the last `NSpid` of `status`.
  package func innermostIdentifier() -> Int32? {
    guard let text = read("status") else { return nil }
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
    return lines.first { $0.hasPrefix("NSpid:") }?.split(whereSeparator: { $0 == "\t" || $0 == " " }).last.flatMap {
      Int32($0)
    }
  }

  /// The program's name, from `comm`, which the kernel truncates to 15 bytes.
  package func name() -> String? {
    read("comm").map { String(decoding: $0.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self) }
  }

  /// The arguments, at most 16 KiB.
  package func arguments() -> [String] {
    (read("cmdline") ?? []).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The command for display: arguments joined by spaces, at most 200 characters, without terminal control characters.
  ///
  /// Without arguments it is the name in brackets, as in `ps`.
  package func command() -> String {
    let arguments = read("cmdline", atMost: 4096) ?? []
    if let last = arguments.lastIndex(where: { $0 != 0 }) { return Self.visible(arguments[...last]) }
    guard let name = read("comm") else { return "?" }
    return "[" + Self.visible(name.prefix { $0 != UInt8(ascii: "\n") }) + "]"
  }

  private static func visible(_ bytes: ArraySlice<UInt8>) -> String {
    let text = String(decoding: bytes.map { $0 == 0 ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
    let scalars = text.unicodeScalars.prefix(200).map { isHarmless($0) ? $0 : "\u{FFFD}" }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: scalars)
    return String(result)
  }

  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
    default: true
    }
  }

  private func path(_ name: String) -> String { "/proc/\(processIdentifier)/\(name)" }

  /// The whole of a file of which one read(2) returns a page at most.
  private func readAll(_ name: String) -> [UInt8] {
    guard let file = try? Descriptor.open(path(name), flags: O_RDONLY) else { return [] }
    defer { withExtendedLifetime(file) {} }
    var (text, piece) = ([UInt8](), [UInt8](repeating: 0, count: 4096))
    while true {
      let count = Glibc.read(file.raw, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return text }
      text += piece[..<count]
    }
  }

  private func read(_ name: String, atMost limit: Int = 16384) -> [UInt8]? {
    let descriptor = open(path(name), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      count = max(0, Glibc.read(descriptor, buffer.baseAddress, limit))
    }
  }

  /// Whether a descriptor is open for writing: its link's owner write bit (proc_pid_fd(5)).
  private static func isWritable(_ link: String) -> Bool {
    var status = stat()
    return lstat(link, &status) == 0 && status.st_mode & S_IWUSR != 0
  }

  private static func target(of link: String) -> String? {
    let bytes = [CChar](unsafeUninitializedCapacity: 256) { buffer, count in
      count = buffer.baseAddress.map { max(0, readlink(link, $0, 256)) } ?? 0
    }
    return bytes.isEmpty ? nil : String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
