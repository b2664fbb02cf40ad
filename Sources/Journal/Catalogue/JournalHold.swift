import Glibc
public import SystemPackage

/// Keeps a journal from being pruned for as long as it lives: somebody has not had all of its output.
///
/// A shared lock on the folder (flock(2)), which goes when its holder dies. A writer's own lock ends with the execution,
/// and two hundred newer ones may end before a busy process has read the last line of an old one.
public final class JournalHold: Sendable {
  private let folder: Descriptor

  /// Nil when there is no such journal, when it is being pruned already, and when no descriptor is to be had: then it is
  /// as safe as any.
  public init?(_ directory: FilePath) {
    guard let folder = try? Descriptor.open(folder: directory),
      FileCalls.lock(folder.raw, LOCK_SH | LOCK_NB) == nil
    else { return nil }
    self.folder = folder
  }
}
