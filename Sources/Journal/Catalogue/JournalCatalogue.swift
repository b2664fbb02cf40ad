public import ExecModel
import Glibc
import Linux
public import SystemPackage

/// Why a journal could not be created, read or removed.
public struct JournalError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The error number; `EBADMSG` when the file's content is invalid.
  public let errno: Errno
  /// The file or folder.
  public let path: String
  /// The failed operation: `create the folder`, `read the events of`.
  public let attempt: String
  /// What is wrong with the content, when no system call failed.
  public let detail: String?

  /// Makes an error about one path.
  public init(errno: Errno, path: String, attempt: String, detail: String? = nil) {
    self.errno = errno
    self.path = path
    self.attempt = attempt
    self.detail = detail
  }

  /// One line for display.
  public var description: String { "cannot \(attempt) \(path): \(detail ?? errno.description + errno.limitHint)" }

  /// An error about a file's content.
  static func damaged(_ path: String, attempt: String, _ detail: String) -> JournalError {
    JournalError(errno: Errno(rawValue: 74), path: path, attempt: attempt, detail: detail)
  }
}

/// The contents of a catalogue.
public struct JournalListing: Hashable, Sendable {
  /// The readable journals, newest first.
  public var entries: [JournalEntry]
  /// Why other folders were left out, in the order of their names.
  public var skipped: [JournalError]

  /// Makes a listing.
  public init(entries: [JournalEntry] = [], skipped: [JournalError] = []) {
    self.entries = entries
    self.skipped = skipped
  }
}

/// One journal of a catalogue: the facts that a list shows without reading output.
public struct JournalEntry: Hashable, Sendable {
  /// The journal's folder.
  public var directory: FilePath
  /// The identity of its execution.
  public var identity: JournalIdentity
  /// The spec of its execution.
  public var spec: ExecutionSpec
  /// Its state.
  public var state: JournalState
  /// Bytes that its files take on the disk, without holes.
  public var diskBytes: UInt64

  /// Makes an entry.
  public init(
    directory: FilePath, identity: JournalIdentity, spec: ExecutionSpec, state: JournalState, diskBytes: UInt64
  ) {
    self.directory = directory
    self.identity = identity
    self.spec = spec
    self.state = state
    self.diskBytes = diskBytes
  }
}

/// All journals below one state directory.
public struct JournalCatalogue: Hashable, Sendable {
  /// The folder that holds a folder for each execution.
  public let directory: FilePath

  /// Makes a catalogue of a folder, which need not exist.
  public init(directory: FilePath) { self.directory = directory }

  /// The user's catalogue: `$XDG_STATE_HOME/boxwatch/executions`.
  ///
  /// Without that variable, or when it is not an absolute path, `$HOME/.local/state` is used (XDG Base Directory
  /// Specification); nil when neither is usable.
  public init?(environment: [String: String]) {
    if let state = Self.absolute(environment["XDG_STATE_HOME"]) {
      self.init(directory: state.appending("boxwatch").appending("executions"))
    } else if let home = Self.absolute(environment["HOME"]) {
      self.init(directory: home.appending(".local/state/boxwatch/executions"))
    } else {
      return nil
    }
  }

  private static func absolute(_ text: String?) -> FilePath? {
    text.map { FilePath($0) }.flatMap { $0.isAbsolute ? $0 : nil }
  }

  /// The folder of an execution's journal, which need not exist.
  public func directory(of id: ExecutionID) -> FilePath { directory.appending(id.description) }

  /// Lists all journals, newest first; unreadable ones are left out, with the reason.
  ///
  /// - Throws: ``JournalError`` when the catalogue's folder cannot be read; a missing folder is an empty catalogue.
  public func list() throws(JournalError) -> JournalListing {
    var listing = JournalListing()
    for name in try names().journals {
      do throws(JournalError) { listing.entries.append(try entry(name)) } catch { listing.skipped.append(error) }
    }
    listing.entries.sort(by: Self.isNewer)
    return listing
  }

  private static func isNewer(_ left: JournalEntry, _ right: JournalEntry) -> Bool {
    (left.identity.created, left.identity.id) > (right.identity.created, right.identity.id)
  }

  /// The names in the folder, without hidden files of other kinds.
  struct Names {
    /// The journals, sorted; names made by the engine sort by age, the oldest first.
    var journals: [String] = []
    /// Names under which journals are being created or removed, by a process that may be dead.
    var leftovers: [String] = []
  }

  /// Reads the folder once; a missing folder is empty.
  func names() throws(JournalError) -> Names {
    guard let folder = opendir(directory.string) else {
      guard errno != ENOENT else { return Names() }
      throw JournalError(errno: Errno(rawValue: errno), path: directory.string, attempt: "list the journals in")
    }
    defer { closedir(folder) }
    var names = Names()
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") {
        names.journals.append(name)
      } else if name.hasPrefix(JournalFiles.draftPrefix) || name.hasPrefix(CatalogueFolder.removedPrefix) {
        names.leftovers.append(name)
      }
    }
    names.journals.sort()
    return names
  }

  private func entry(_ name: String) throws(JournalError) -> JournalEntry {
    let path = directory.appending(name)
    let reader = try JournalReader(opening: path)
    guard reader.identity.id.description == name else {
      throw .damaged(path.string, attempt: "list", "it holds the journal of \(reader.identity.id)")
    }
    return JournalEntry(
      directory: path, identity: reader.identity, spec: reader.spec, state: try reader.liveness(),
      diskBytes: (try? open())?.diskBytes(name) ?? 0)
  }

  /// Opens the folder, to measure and remove journals.
  func open() throws(Errno) -> CatalogueFolder { try CatalogueFolder(directory.string) }
}
