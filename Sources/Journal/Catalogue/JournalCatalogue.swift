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
    for name in try names().journals {
      do throws(JournalError) { listing.entries.append(try entry(name)) } catch { listing.skipped.append(error) }
    }
    listing.entries.sort(by: Self.isNewer)
    return listing
  }

  private static func isNewer(_ left: JournalEntry, _ right: JournalEntry) -> Bool {
    (left.identity.created, left.identity.id) > (right.identity.created, right.identity.id)
  }

  /// The names in the folder, without the hidden ones that are neither.
  struct Names {
    /// The journals, sorted; the engine's own names sort by age, the oldest first.
    var journals: [String] = []
    /// What journals were made under or are being removed under, by a process that may be gone.
    var leftovers: [String] = []
  }

  /// Reads the folder once; a missing one is empty.
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
