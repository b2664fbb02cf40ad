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

  private static func number(of descriptor: borrowing Descriptor?) -> Int32 {
    switch descriptor {
    case .some(let owned): owned.raw
    case nil: -1
    }
  }
}

/// The two ends of a command's standard streams, before it runs.
struct StandardStreams: ~Copyable {
  /// The command's standard streams; nil input is `/dev/null`, or the terminal.
  struct Child: ~Copyable {
    var input: Descriptor?
    var output: Descriptor?
    var error: Descriptor?
    var terminal: String?
  }

  /// This process's ends; with a terminal, its master for output, and duplicates of it for input and size.
  struct Parent: ~Copyable {
    var output: Descriptor
    var error: Descriptor?
    var input: Descriptor?
    var terminal: Descriptor?
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
    var output = try Self.pipe()
    var error = try Self.pipe()
    var child = Child()
    var writer: Descriptor?
    switch input {
    case .closed: break
    case .file(let path): child.input = try Self.openInput(path)
    case .pipe:
      var pipe = try Self.pipe()
      try Self.unblock(pipe.writing)
      child.input = pipe.reading.move()
      writer = pipe.writing.move()
    }
    try Self.unblock(output.reading)
    try Self.unblock(error.reading)
    child.output = output.writing.move()
    child.error = error.writing.move()
    self.child = child
    parent = Parent(output: output.reading.move(), error: error.reading.move(), input: writer)
  }

  private init(terminal size: TerminalSize, input: ExecutionSpec.Input) throws(BoxError) {
    var terminal = try Self.attempt("open a pseudo terminal") { () throws(Errno) in
      try PseudoTerminal(rows: size.rows, columns: size.columns)
    }
    var child = Child()
    if case .file(let path) = input { child.input = try Self.openInput(path) }
    child.terminal = terminal.slave
    let writer = try Self.copy(terminal.master)
    let resizer = try Self.copy(terminal.master)
    self.child = child
    parent = Parent(output: terminal.master.move(), input: writer, terminal: resizer)
  }

  private static func openInput(_ path: String) throws(BoxError) -> Descriptor {
    guard !path.utf8.contains(0) else {
      throw BoxError(.badName, "the input file's name contains a NUL byte: remove it")
    }
    do throws(Errno) { return try Descriptor.openInput(path) } catch {
      throw BoxError(.system(error.rawValue), "cannot read the input file '\(path)': \(error)\(error.limitHint)")
    }
  }

  /// A pipe for the command.
  static func pipe() throws(BoxError) -> Pipe {
    try attempt("make a pipe") { () throws(Errno) in try Pipe() }
  }

  private static func copy(_ descriptor: borrowing Descriptor) throws(BoxError) -> Descriptor {
    do throws(Errno) { return try descriptor.duplicate() } catch {
      throw refusal(error, "copy a pseudo terminal's descriptor")
    }
  }

  private static func unblock(_ descriptor: borrowing Descriptor) throws(BoxError) {
    do throws(Errno) { try descriptor.setNonBlocking(true) } catch { throw refusal(error, "prepare a pipe") }
  }

  private static func attempt<Value: ~Copyable>(
    _ action: String, _ body: () throws(Errno) -> Value
  ) throws(BoxError) -> Value {
    do throws(Errno) { return try body() } catch { throw refusal(error, action) }
  }

  private static func refusal(_ error: Errno, _ action: String) -> BoxError {
    BoxError(.system(error.rawValue), "cannot \(action) for the command: \(error)\(error.limitHint)")
  }
}
