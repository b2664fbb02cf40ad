import CExecShims
import ExecEngine
import ExecModel
import Glibc
import Journal
import Linux
import SystemPackage

/// The descriptors of a child's standard streams, passed to posix_spawn while their owner keeps them open.
struct ChildDescriptors: Sendable {
  let input: Int32
  let output: Int32
  let error: Int32
  let terminal: String?

  init(input: Int32, output: Int32, error: Int32) {
    self.input = input
    self.output = output
    self.error = error
    terminal = nil
  }

  /// The descriptors, -1 for absent ones.
  init(_ streams: borrowing StandardStreams.Child) {
    input = Self.number(of: streams.input)
    output = Self.number(of: streams.output)
    error = Self.number(of: streams.error)
    terminal = streams.terminal
  }

  private static func number(of descriptor: borrowing OwnedDescriptor?) -> Int32 {
    switch descriptor {
    case .some(let owned): owned.raw
    case nil: -1
    }
  }
}

/// The two ends of a command's standard streams, before it runs.
struct StandardStreams: ~Copyable {
  struct Pipe: ~Copyable {
    let reading: OwnedDescriptor
    let writing: OwnedDescriptor

    init() throws(BoxError) {
      var reading: Int32 = -1
      var writing: Int32 = -1
      try StandardStreams.check(cexec_pipe(&reading, &writing), "make a pipe")
      self.reading = OwnedDescriptor(reading)
      self.writing = OwnedDescriptor(writing)
    }
  }

  /// The command's standard streams; nil input is `/dev/null`, or the terminal.
  struct Child: ~Copyable {
    var input: OwnedDescriptor?
    var output: OwnedDescriptor?
    var error: OwnedDescriptor?
    var terminal: String?
  }

  /// This process's ends; with a terminal, its master for output, and duplicates of it for input and size.
  struct Parent: ~Copyable {
    var output: OwnedDescriptor
    var error: OwnedDescriptor?
    var input: OwnedDescriptor?
    var terminal: OwnedDescriptor?
  }

  var child: Child
  var parent: Parent

  /// Opens what an execution needs; all close-on-exec, this process's ends non-blocking.
  init(input: ExecutionSpec.Input, terminal: TerminalSize?) throws(BoxError) {
    if let terminal {
      try self.init(terminal: terminal, input: input)
    } else {
      try self.init(pipesWith: input)
    }
  }

  private init(pipesWith input: ExecutionSpec.Input) throws(BoxError) {
    let output = try Pipe()
    let error = try Pipe()
    var child = Child()
    var writer: OwnedDescriptor?
    switch input {
    case .closed: break
    case .file(let path): child.input = try Self.openInput(path)
    case .pipe:
      let pipe = try Pipe()
      try Self.unblock(pipe.writing.raw)
      child.input = consume pipe.reading
      writer = consume pipe.writing
    }
    try Self.unblock(output.reading.raw)
    try Self.unblock(error.reading.raw)
    child.output = consume output.writing
    child.error = consume error.writing
    self.child = child
    parent = Parent(output: output.reading, error: error.reading, input: writer)
  }

  private init(terminal size: TerminalSize, input: ExecutionSpec.Input) throws(BoxError) {
    var descriptor: Int32 = -1
    var name = [CChar](repeating: 0, count: 64)
    let error = cexec_open_terminal(size.rows, size.columns, &descriptor, &name, UInt32(name.count))
    try Self.check(error, "open a pseudo terminal")
    let master = OwnedDescriptor(descriptor)
    var child = Child()
    if case .file(let path) = input { child.input = try Self.openInput(path) }
    child.terminal = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let writer = try Self.copy(master)
    let resizer = try Self.copy(master)
    self.child = child
    parent = Parent(output: master, input: writer, terminal: resizer)
  }

  private static func openInput(_ path: String) throws(BoxError) -> OwnedDescriptor {
    guard !path.utf8.contains(0) else {
      throw BoxError(.badName, "the input file's name contains a NUL byte: remove it")
    }
    let descriptor = cexec_open_input(path)
    guard descriptor >= 0 else {
      let error = Errno(rawValue: -descriptor)
      throw BoxError(.system(error.rawValue), "cannot read the input file '\(path)': \(error)\(error.limitHint)")
    }
    return OwnedDescriptor(descriptor)
  }

  private static func copy(_ descriptor: borrowing OwnedDescriptor) throws(BoxError) -> OwnedDescriptor {
    let copy = cexec_duplicate(descriptor.raw)
    try check(copy < 0 ? -copy : 0, "copy a pseudo terminal's descriptor")
    return OwnedDescriptor(copy)
  }

  private static func unblock(_ descriptor: Int32) throws(BoxError) {
    try check(cexec_set_nonblocking(descriptor, 1), "prepare a pipe")
  }

  private static func check(_ number: Int32, _ action: String) throws(BoxError) {
    guard number != 0 else { return }
    let error = Errno(rawValue: number)
    throw BoxError(.system(number), "cannot \(action) for the command: \(error)\(error.limitHint)")
  }
}
