import CExecShims
import ExecEngine
import ExecModel
import Glibc
import SystemPackage

/// A kept box that a command enters: pinned, so that its number cannot become a stranger's meanwhile.
struct KeptTarget {
  let process: OwnedFile
  let root: RootDirectory
  /// The namespaces in which the box differs from this process, as setns(2) takes them.
  let namespaces: Int32

  /// Finds the first process of a box.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when it is gone, or may not be entered.
  init(_ record: KeptRecord) throws(BoxError) {
    let number = record.first.processIdentifier
    let descriptor = cexec_pidfd_open(number)
    guard descriptor >= 0 else { throw record.death }
    process = OwnedFile(descriptor)
    guard record.isAlive else { throw record.death }
    namespaces = cexec_differing_namespaces(number)
    do {
      root = try RootDirectory(of: number)
    } catch {
      throw record.isAlive ? Self.refusal(record, error.rawValue) : record.death
    }
    guard namespaces >= 0 else { throw Self.refusal(record, -namespaces) }
  }

  private static func refusal(_ record: KeptRecord, _ error: Int32) -> BoxError {
    BoxError(.box, "the kept box '\(record.name)' may not be entered: \(CgroupFile.words(of: error))")
  }
}
