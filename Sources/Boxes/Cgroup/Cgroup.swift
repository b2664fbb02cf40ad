import ExecEngine
import ExecModel
import Glibc

/// A group of processes that the kernel counts, bounds and kills together: one folder in each tree that is used.
struct Cgroup: Hashable, Sendable, Codable {
  /// The group in one tree.
  struct Folder: Hashable, Sendable, Codable {
    let path: String
    let version: CgroupHierarchy.Version
    /// What this folder counts or bounds.
    let controllers: [CgroupController]

    /// A file of the folder.
    func file(_ name: String) -> String { path + "/" + name }
  }

  let folders: [Folder]

  /// The folder that has a controller.
  func folder(_ controller: CgroupController) -> Folder? { folders.first { $0.controllers.contains(controller) } }

  /// Opens what a process writes 0 to in order to join; the descriptors are the caller's.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` that names the folder, after `consequence`; nothing stays open then.
  func openForJoining(orElse consequence: String = "") throws(BoxError) -> [OwnedFile] {
    var files: [OwnedFile] = []
    for folder in folders {
      let file = open(folder.file("cgroup.procs"), O_WRONLY | O_CLOEXEC)
      guard file >= 0 else {
        let reason = CgroupFile.words(of: errno)
        throw BoxError(.box, consequence + "the group '\(folder.path)' cannot be joined: \(reason)")
      }
      files.append(OwnedFile(file))
    }
    return files
  }

  /// The numbers of the processes in the group, those of groups below it left out.
  func processes() -> [Int32] {
    guard let folder = folders.first(where: { $0.version == .two }) ?? folders.first else { return [] }
    return CgroupFile.words(folder.file("cgroup.procs")).compactMap { Int32($0) }
  }

  /// Removes the folders; whether none is left.
  ///
  /// One with a living process stays (`EBUSY`).
  func remove() -> Bool {
    folders.map { rmdir($0.path) == 0 || errno == ENOENT }.allSatisfy { $0 }
  }
}
