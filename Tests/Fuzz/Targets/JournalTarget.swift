import SystemPackage
import TestSupport

extension FuzzTarget {
  /// Journals with right checks and any values, read in every way.
  static let journal = FuzzTarget(name: "journal") { bytes in
    let folder = ScratchFolder()
    var journal = ForgedJournal(FuzzChoices(bytes))
    EveryReading(directory: journal.write(below: folder.path)).run()
  }
}
