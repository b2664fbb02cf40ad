import ExecEngine
import ExecModel
import Glibc

/// Finds a command's file as execvp(3) does, but once, and with an error for people when there is none.
struct ProgramSearch {
  private enum Candidate: Equatable {
    case program
    case hidden
    case directory
    case notExecutable
    case missing
    /// It could not be examined, by the error number.
    case unknown(Int32)
  }

  /// The value of `PATH`; nil for the default of confstr(3).
  let path: String?
  /// The directory for relative names; nil for this process's directory.
  let directory: String?
  /// The files as the command sees them.
  var view = FileView.host

  /// The file to execute: `name` itself if it has a slash, otherwise the first executable one in `PATH`.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` with `notFound` or `notExecutable`, or with `system` when a file could not be examined.
  func find(_ name: String) throws(BoxError) -> String {
    guard !name.utf8.contains(UInt8(ascii: "/")) else { return try check(name) }
    var refused: (file: String, kind: Candidate)?
    for folder in folders {
      let file = folder.isEmpty ? "./" + name : folder + "/" + name
      let kind = look(at: file)
      switch kind {
      case .program: return file
      case .missing: continue
      case .hidden: refused = (file, .hidden)
      case .directory: if refused == nil { refused = (file, .directory) }
      case .notExecutable: if refused?.kind != .hidden { refused = (file, .notExecutable) }
      // Continuing could find another program of this name.
      case .unknown: throw Self.refusal(file, kind)
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
    case .directory, .notExecutable, .hidden, .unknown: throw Self.refusal(name, kind)
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
    case .unknown(let error):
      BoxError(.system(error), "cannot look at '\(file)': \(String(cString: strerror(error)))")
    case .notExecutable, .program, .missing:
      BoxError(.notExecutable, "'\(file)' cannot be executed by this user: chmod +x, or run it with its interpreter")
    }
  }

  private func look(at name: String) -> Candidate {
    switch view.look(absolute(name)) {
    case .failed(let error): Self.candidate(error)
    case .directory: .directory
    case .hidden: .hidden
    case .file(let isExecutable): isExecutable ? .program : .notExecutable
    }
  }

  /// A file that may not be examined counts as present but refused, as in execvp(3).
  private static func candidate(_ error: Int32) -> Candidate {
    switch error {
    case EACCES: .notExecutable
    case ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG, ESTALE, ENODEV, ETIMEDOUT: .missing
    default: .unknown(error)
    }
  }

  /// Relative names start in the command's working directory, which is entered before the file is executed.
  private func absolute(_ name: String) -> String {
    guard !name.hasPrefix("/"), let directory else { return name }
    return directory + "/" + name
  }
}
