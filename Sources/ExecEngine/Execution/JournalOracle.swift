import ExecModel
import Journal
import SystemPackage

/// Replays a finished journal through a fresh machine and checks that both reach the same end.
enum JournalOracle {
  /// The first contradiction in a finished journal; nil when the record and the machine agree.
  static func complaint(_ directory: FilePath) -> String? {
    do throws(JournalError) {
      let reader = try JournalReader(opening: directory)
      var replay = Replay(ExecutionMachine(streams: reader.spec.streams, policy: reader.spec.drain))
      var position: UInt64 = 0
      while replay.complaint == nil {
        let events = try reader.records(from: position, limit: 512)
        guard let last = events.last else { return replay.finish() }
        // After an eviction the record cannot be replayed.
        guard events.first?.sequence == position else { return nil }
        for event in events { replay.take(event) }
        position = last.sequence + 1
      }
      return replay.complaint
    } catch {
      return nil
    }
  }

  #if DEBUG
    /// Stops a debug build whose journal contradicts its run.
    static func check(_ directory: FilePath) {
      if let complaint = complaint(directory) { assertionFailure("journal \(directory): \(complaint)") }
    }
  #endif
}

extension JournalOracle {
  /// The replay of one record.
  struct Replay {
    private var machine: ExecutionMachine
    private var lengths = PerStream<UInt64>()
    private var unproven: StreamSet = []
    private var conclusion: Conclusion?
    private var waits: UInt64 = 0
    private var time: UInt64 = 0
    private(set) var complaint: String?

    init(_ machine: ExecutionMachine) { self.machine = machine }

    /// Keeps the first complaint; later ones are consequences of it.
    private mutating func object(_ sentence: String) { complaint = complaint ?? sentence }

    mutating func take(_ recorded: RecordedEvent) {
      if recorded.time < time { object("time goes back at \(recorded.sequence)") }
      time = recorded.time
      if case .wait(let waiter) = recorded.event { return takeWait(waiter) }
      guard conclusion == nil else {
        object("\(recorded.event) after the exit")
        return
      }
      take(recorded.event)
    }

    private mutating func take(_ event: ExecutionEvent) {
      switch event {
      case .started: apply(.spawned)
      case .startFailed(let failure): apply(.spawnFailed(failure))
      case .output(let stream, let range, _, _): takeOutput(stream, range)
      case .endOfStream(let stream): apply(.endOfStream(stream))
      case .exited(let status): apply(.exited(status))
      case .timeLimitElapsed: apply(.timeLimitElapsed)
      case .forceClosed: apply(.forceClosed)
      case .drainDeadlineElapsed: apply(.drainDeadlineElapsed)
      case .streamEmptied(let stream, .unreadable): apply(.streamFailed(stream))
      case .streamEmptied(let stream, _): apply(.streamEmptied(stream))
      case .connectionLost: apply(.connectionLost)
      case .detached: apply(.detached)
      case .exit(let conclusion): takeExit(conclusion)
      case .gap(let stream, let offset, _): takeGap(stream, offset)
      case .wait, .evicted, .stalled, .resumed, .recordLost: break
      }
    }

    private mutating func apply(_ input: ExecutionInput) {
      do throws(ImpossibleInput) {
        if try machine.apply(input) == .drop { object("\(input) was recorded and would be dropped") }
      } catch {
        object("\(input) cannot happen in \(error.state)")
      }
    }

    private mutating func takeOutput(_ stream: ExecStream, _ range: Range<UInt64>) {
      if range.lowerBound != lengths[stream] { object("\(stream.name) has a gap at \(range.lowerBound)") }
      lengths[stream] = range.upperBound
      apply(.output(stream))
    }

    private mutating func takeGap(_ stream: ExecStream, _ offset: UInt64) {
      if offset != lengths[stream] { object("\(stream.name) has its gap at \(offset)") }
      unproven.insert(StreamSet(stream))
    }

    /// Waiters are numbered in order of registration and answered in that order.
    private mutating func takeWait(_ waiter: UInt64) {
      if conclusion == nil { object("a wait before the exit") }
      if waiter != waits { object("wait \(waiter) in place of \(waits)") }
      waits = waiter &+ 1
    }

    private mutating func takeExit(_ conclusion: Conclusion) {
      if machine.state != .terminal(conclusion.outcome) {
        object("recorded \(conclusion), replayed \(machine.state)")
      }
      if conclusion.bytes != lengths { object("recorded \(conclusion.bytes), replayed \(lengths)") }
      if conclusion.unproven != unproven { object("recorded \(conclusion.unproven), replayed \(unproven)") }
      self.conclusion = conclusion
    }

    mutating func finish() -> String? { complaint ?? (conclusion == nil ? "no exit" : nil) }
  }
}
