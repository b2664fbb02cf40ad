public import ExecModel
import Glibc
public import SystemPackage

/// All journals below one state directory.
public struct JournalCatalogue: Hashable, Sendable {
  /// The folder that holds a folder for each execution.
  public let directory: FilePath

  /// Makes a catalogue of a folder, which need not exist yet.
  public init(directory: FilePath) { self.directory = directory }

  /// The user's own catalogue: `$XDG_STATE_HOME/boxwatch/executions`.
  ///
  /// Without that variable, or when it is no absolute path, `$HOME/.local/state` takes its place (XDG Base Directory
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

  /// Where an execution's journal stands, or would.
  public func directory(of id: ExecutionID) -> FilePath { directory.appending(id.description) }

  /// Lists all journals, newest first; broken ones are left out, with the reason.
  ///
  /// - Throws: ``JournalError`` when the catalogue's own folder cannot be read; a missing one is an empty catalogue.
  public func list() throws(JournalError) -> JournalListing {
    var listing = JournalListing()
    for name in try names() {
      do throws(JournalError) { listing.entries.append(try entry(name)) } catch { listing.skipped.append(error) }
    }
    listing.entries.sort(by: Self.isNewer)
    return listing
  }

  private static func isNewer(_ left: JournalEntry, _ right: JournalEntry) -> Bool {
    (left.identity.created, left.identity.id) > (right.identity.created, right.identity.id)
  }

  /// The names of the journals, sorted, which for the engine's own is by age; those that begin with a dot are none.
  func names() throws(JournalError) -> [String] { try allNames().filter { !$0.hasPrefix(".") }.sorted() }

  /// What journals were made under or are being removed under, by a process that may be gone.
  func leftovers() -> [String] {
    ((try? allNames()) ?? []).filter { $0.hasPrefix(JournalFiles.draftPrefix) || $0.hasPrefix(Self.removedPrefix) }
  }

  private func allNames() throws(JournalError) -> [String] {
    guard let folder = opendir(directory.string) else {
      guard errno != ENOENT else { return [] }
      throw JournalError(errno: Errno(rawValue: errno), path: directory.string, attempt: "list the journals in")
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      names.append(name)
    }
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
      diskBytes: Self.diskBytes(path))
  }

  private static func diskBytes(_ directory: FilePath) -> UInt64 {
    JournalFiles.names.reduce(0) { $0 &+ FileCalls.diskBytes(of: directory.appending($1).string) }
  }

  /// Bytes that a journal takes on the disk; 0 for none.
  func diskBytes(_ name: String) -> UInt64 {
    let folder = directory.string + "/" + name + "/"
    return JournalFiles.names.reduce(0) { $0 &+ FileCalls.diskBytes(of: folder + $1) }
  }
}
