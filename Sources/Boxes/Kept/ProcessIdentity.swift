/// A process for ever: its number, which others get later, and when it began.
struct ProcessIdentity: Hashable, Sendable, Codable {
  let processIdentifier: Int32
  /// In clock ticks since the machine began; with another boot it says nothing.
  let startTime: UInt64

  /// The process that has a number now; nil when there is none.
  init?(of processIdentifier: Int32) {
    guard let startTime = ProcessDirectory(processIdentifier: processIdentifier).startTime() else { return nil }
    self.processIdentifier = processIdentifier
    self.startTime = startTime
  }

  /// Whether it is there, is no zombie, and is not ending.
  ///
  /// The first process of a namespace ends only after all others were reaped, and the commands are their watchers' to reap.
  var isAlive: Bool {
    let directory = ProcessDirectory(processIdentifier: processIdentifier)
    guard directory.startTime() == startTime, let state = directory.state() else { return false }
    return state != UInt8(ascii: "Z") && state != UInt8(ascii: "X") && !directory.isExiting()
  }
}
