import ExecEngine
import ExecModel
import Glibc

/// Finds a command's file as execvp(3) does, but once, and with an answer for people when there is none.
struct ProgramSearch {
  private enum Candidate {
    case program
    case hidden
    case directory
    case notExecutable
    case missing
  }

  /// The value of `PATH`; without one what confstr(3) says is the default.
  let path: String?
  /// Where relative names start; nil for this process's directory.
  let directory: String?
  /// The files as the command sees them.
  var view = FileView.host

  /// The file to execute: `name` itself when it has a slash, else the first that can be run in `PATH`.
  ///
  /// - Throws: ``BoxError`` with `notFound` or `notExecutable`.
  func find(_ name: String) throws(BoxError) -> String {
    guard !name.utf8.contains(UInt8(ascii: "/")) else { return try check(name) }
    var refused: (file: String, kind: Candidate)?
    for folder in folders {
      let file = folder.isEmpty ? "./" + name : folder + "/" + name
      switch look(at: file) {
      case .program: return file
      case .missing: continue
      case .hidden: refused = (file, .hidden)
      case .directory: if refused == nil { refused = (file, .directory) }
      case .notExecutable: if refused?.kind != .hidden { refused = (file, .notExecutable) }
      }
    }
    if let refused, refused.kind != .directory { throw Self.refusal(refused.file, refused.kind) }
    throw BoxError(.notFound, "no '\(name)' in any directory of PATH (\(searched)): install it, or give its path")
  }

  private var searched: String { path ?? "not set" }

  private var folders: [Substring] {
    (path ?? "/bin:/usr/bin").split(separator: ":", omittingEmptySubsequences: false)
  }

  private func check(_ name: String) throws(BoxError) -> String {
    let kind = look(at: name)
    switch kind {
    case .program: return name
    case .missing: throw BoxError(.notFound, "there is no file '\(name)'\(place(of: name)): check the path")
    case .directory, .notExecutable, .hidden: throw Self.refusal(name, kind)
    }
  }

  private func place(of name: String) -> String {
    guard !name.hasPrefix("/"), let directory else { return "" }
    return " in '\(directory)'"
  }

  private static func refusal(_ file: String, _ kind: Candidate) -> BoxError {
    switch kind {
    case .directory: BoxError(.notExecutable, "'\(file)' is a directory: name a program in it")
    case .hidden:
      BoxError(
        .notFound, "'\(file)' is not visible in the sandbox: show its folder with --ro-bind")
    case .notExecutable, .program, .missing:
      BoxError(.notExecutable, "'\(file)' may not be executed by this user: chmod +x, or run it with its interpreter")
    }
  }

  private func look(at name: String) -> Candidate {
    switch view.look(absolute(name)) {
    // What may not be looked at counts as there but refused, as execvp(3) has it.
    case .failed(let error): error == EACCES ? .notExecutable : .missing
    case .directory: .directory
    case .hidden: .hidden
    case .file(let isExecutable): isExecutable ? .program : .notExecutable
    }
  }

  /// Relative names start in the command's working directory, since it is entered before the file is executed.
  private func absolute(_ name: String) -> String {
    guard !name.hasPrefix("/"), let directory else { return name }
    return directory + "/" + name
  }
}
