public import RaceLab

/// The race lab as it is shown: a schedule being stepped through with two dispatchers side by side.
public struct LabModel: Hashable, Sendable {
  /// What it shows.
  public internal(set) var page = LabPage.stepping
  /// The steps so far and what each dispatcher made of them.
  public internal(set) var session: LabSession
  /// Index of the chosen source among the scenario's.
  public internal(set) var selection = 0
  /// What stands in front.
  public internal(set) var dialog: LabDialog?
  /// The guided tour, while it goes on.
  public internal(set) var tour: LabTour?
  /// Whether there is no monitor behind it, so that leaving it ends the program.
  public let isAlone: Bool
  /// Steps that were taken back, the next one last.
  var undone: [Source] = []
  /// Chance, for random steps.
  var generator: SplitMix64

  /// A lab at a session's present step.
  ///
  /// - Parameters:
  ///   - seed: decides the random steps.
  ///   - isAlone: whether leaving it ends the program.
  public init(_ session: LabSession = LabSession(), seed: UInt64 = 0, isAlone: Bool = false) {
    self.session = session
    self.isAlone = isAlone
    generator = SplitMix64(seed: seed)
  }

  /// The sources there are, in the lab's order.
  var sources: [Source] { session.scenario.sources }

  /// The source that Enter lets take its step.
  public var chosen: Source { sources.indices.contains(selection) ? sources[selection] : .exit }

  /// Which bindings count.
  var scope: Scope {
    if let dialog { return dialog.scope }
    switch page {
    case .stepping: return tour == nil ? .lab : .labTour
    }
  }
}
