import ExecModel

/// Where a run's dispatcher puts its answers: announcements go straight to the consumer, wishes are kept for the run.
struct RunOutbox<Recorder: AnnouncementRecorder>: DispatcherOutput, Hashable, Sendable {
  private(set) var consumer = Consumer()
  private(set) var recorder = Recorder()
  private(set) var hasTimer = false
  private var emptying: StreamSet = []
  var step = 0

  mutating func announce(_ announcement: Announcement) {
    recorder.record(announcement, isRead: consumer.isReading, step: step)
    consumer.take(announcement)
  }

  mutating func emptyKernel(_ streams: StreamSet) { emptying.formUnion(streams) }

  mutating func startTimer() { hasTimer = true }

  /// Takes one stream out of those that are to be emptied, standard output first.
  mutating func nextToEmpty() -> ExecStream? {
    guard !emptying.isEmpty else { return nil }
    let stream: ExecStream = emptying.contains(.stdout) ? .stdout : .stderr
    emptying = emptying.contains(stream) ? emptying.removing(stream) : []
    return stream
  }
}
