import ExecModel
import Glibc
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Journal

@Suite struct JournalTailTests {
  private static let exit = ExecutionEvent.exit(Conclusion(outcome: Outcome(status: .exited(0))))

  @Test func `a finished journal is read to its end at once`() throws {
    var journal = try TestJournal()
    journal.output(.stdout, Array("one\n".utf8))
    journal.publish(Self.exit)
    journal.publish(.wait(waiter: 1))
    journal.writer.close()
    let tail = JournalTail(try journal.reader())
    let reading = TailReading(tail, limit: 1)
    #expect(reading.problem == nil)
    #expect(reading.events.map(\.event) == journal.published)
    #expect(tail.hasEnded)
    #expect(!tail.isInterrupted)
    #expect(!tail.arm {})
  }

  @Test func `after the terminal event the answers are waited for until the writer closes`() throws {
    var journal = try TestJournal()
    let tail = JournalTail(try journal.reader(), watch: .shared, grace: 3_600_000_000_000)
    journal.publish(Self.exit)
    #expect(try tail.poll().map(\.event) == [Self.exit])
    let woken = WakeUp()
    #expect(!tail.hasEnded && tail.arm { woken.signal() })
    journal.publish(.wait(waiter: 7))
    #expect(woken.wait())
    #expect(try tail.poll().map(\.event) == [.wait(waiter: 7)])
    #expect(!tail.hasEnded && tail.arm { woken.signal() })
    journal.writer.close()
    #expect(woken.wait())
    #expect(try tail.poll().isEmpty && tail.hasEnded && !tail.isInterrupted)
  }

  @Test func `a writer that stopped right after the terminal event blocks no reader`() throws {
    var journal = try TestJournal()
    journal.publish(Self.exit)
    let tail = JournalTail(try journal.reader(), watch: .shared, grace: 1)
    #expect(try tail.poll().count == 1)
    #expect(tail.hasEnded)
    let patient = JournalTail(try journal.reader(), watch: .shared, grace: 100_000_000)
    #expect(try patient.poll().count == 1)
    let woken = WakeUp()
    if patient.arm({ woken.signal() }) { #expect(woken.wait()) }
    #expect(patient.hasEnded && !patient.isInterrupted)
  }

  @Test func `the end is the terminal event, not the writer's close`() throws {
    var journal = try TestJournal()
    let tail = JournalTail(try journal.reader(), watch: .shared, grace: 0)
    #expect(!tail.hasEnded)
    journal.publish(Self.exit)
    #expect(!tail.hasEnded)
    #expect(try tail.poll().map(\.event) == [Self.exit])
    #expect(tail.hasEnded)
    journal.publish(.wait(waiter: 7))
    #expect(!tail.hasEnded)
    #expect(try tail.poll().map(\.event) == [.wait(waiter: 7)])
    #expect(tail.hasEnded)
  }

  @Test func `a sleeper is woken by the next record, once`() throws {
    var journal = try TestJournal()
    let tail = JournalTail(try journal.reader())
    let wakes = Atomic<Int>(0)
    let woken = WakeUp()
    let count: @Sendable () -> Void = {
      wakes.add(1, ordering: .relaxed)
      woken.signal()
    }
    #expect(tail.arm(count))
    for waiter in 0..<1000 { journal.publish(.wait(waiter: UInt64(waiter))) }
    #expect(woken.wait())
    #expect(wakes.load(ordering: .relaxed) == 1)
    #expect(!tail.arm(count))
    #expect(try tail.poll(limit: 2000).count == 1000)
    #expect(tail.arm(count))
    journal.publish(Self.exit)
    #expect(woken.wait())
    #expect(wakes.load(ordering: .relaxed) == 2)
  }

  @Test func `attaching at every moment of a journal's life gives all of it, a thousand times`() throws {
    var random = SeededGenerator()
    for round in 0..<1000 {
      let outcome = try Self.attachAtAnyMoment(&random)
      #expect(outcome == nil, "round \(round), seed \(random.seed)")
    }
  }

  /// One journal, written and read at the same time; returns what was wrong.
  private static func attachAtAnyMoment(_ random: inout SeededGenerator) throws -> String? {
    let journal = try TestJournal()
    let chunks = (0..<Int.random(in: 0...30, using: &random)).map { _ in
      [UInt8](repeating: .random(in: 0...255, using: &random), count: .random(in: 1...3000, using: &random))
    }
    let moment = Int.random(in: 0...chunks.count, using: &random)
    let finishes = Bool.random(using: &random)
    let gate = Gate()
    let problem = Mutex<String?>(nil)
    let state = Mutex(journal)
    let directory = journal.directory
    Threads.run([
      { Self.write(chunks, openingAt: moment, gate, finishes: finishes, state) },
      {
        gate.wait()
        let found = Self.problem(in: directory, expecting: chunks, finishes)
        problem.withLock { $0 = found }
      },
    ])
    return problem.withLock { $0 }
  }

  private static func write(
    _ chunks: [[UInt8]], openingAt moment: Int, _ gate: Gate, finishes: Bool, _ state: borrowing Mutex<TestJournal>
  ) {
    state.withLock { journal in
      for (index, chunk) in chunks.enumerated() {
        if index == moment { gate.open() }
        journal.output(index % 3 == 0 ? .stderr : .stdout, chunk)
      }
      if finishes { journal.publish(exit) }
      if moment == chunks.count { gate.open() }
      journal.writer.close()
    }
  }

  private static func problem(in directory: FilePath, expecting chunks: [[UInt8]], _ finishes: Bool) -> String? {
    guard let reader = try? JournalReader(opening: directory) else { return "the journal cannot be opened" }
    let tail = JournalTail(reader)
    let reading = TailReading(tail)
    if let problem = reading.problem { return problem }
    for stream in ExecStream.allCases {
      let wanted = chunks.enumerated().filter { ($0.offset % 3 == 0) == (stream == .stderr) }.flatMap(\.element)
      if reading.bytes[stream] ?? [] != wanted { return "\(stream) is not what was written" }
    }
    if reading.events.map(\.sequence) != Array(0..<UInt64(reading.events.count)) { return "numbers are missing" }
    return tail.isInterrupted == !finishes ? nil : "interrupted is \(tail.isInterrupted)"
  }

  @Test func `two tails at once read the same, through one reader or two`() throws {
    let state = Mutex(try TestJournal())
    let shared = try state.withLock { try $0.reader() }
    let tails = [JournalTail(shared), JournalTail(shared), JournalTail(try state.withLock { try $0.reader() })]
    let readings = Mutex<[[ExecutionEvent]]>([])
    Threads.run(
      [
        {
          state.withLock { journal in
            for number in 0..<5000 { journal.output(.stdout, [UInt8(number % 256)]) }
            journal.publish(Self.exit)
          }
        }
      ]
        + tails.map { tail -> @Sendable () -> Void in
          {
            let reading = TailReading(tail)
            readings.withLock { $0.append(reading.events.map(\.event)) }
          }
        })
    let published = state.withLock { $0.published }
    #expect(readings.withLock { $0 } == [published, published, published])
  }

  @Test func `a tail that never reads does not delay others`() throws {
    var journal = try TestJournal(keep: .bytes(4 << 20))
    let tail = JournalTail(try journal.reader())
    #expect(tail.arm {})
    for _ in 0..<200 {
      journal.output(.stdout, [UInt8](repeating: 7, count: 64 << 10))
      journal.evict(limit: 4 << 20)
    }
    #expect(journal.counts.stdout == 200 * 64 << 10)
    #expect(journal.writer.retained <= 4 << 20)
    tail.cancel()
  }

  @Test func `bytes that were evicted before a tail read them are reported as a gap`() throws {
    var journal = try TestJournal(keep: .bytes(4 << 20))
    let tail = JournalTail(try journal.reader())
    for _ in 0..<100 { journal.output(.stdout, [UInt8](repeating: 7, count: 64 << 10)) }
    journal.evict(limit: 4 << 20)
    let events = try tail.poll(limit: 1000)
    let head = tail.journal.heads().stdout
    #expect(head > 0)
    #expect(events.map(\.event).contains(.evicted(.stdout, upTo: head)))
    var buffer = [UInt8](repeating: 0, count: 10)
    let result = try buffer.withUnsafeMutableBytes { try tail.journal.read(.stdout, at: 0, into: $0) }
    #expect(result == .evicted(upTo: head))
  }
}

// MARK: - Writers that die, watches that fail

extension JournalTailTests {
  @Test func `a writer that is killed leaves an interrupted journal, and a sleeper hears of it`() throws {
    for _ in 0..<20 {
      var journal = try TestJournal()
      journal.output(.stdout, Array("last words".utf8))
      journal.writer.close()
      let holder = try #require(LockHolder(of: journal.directory))
      let tail = JournalTail(try journal.reader())
      #expect(try tail.poll().count == 1)
      #expect(!tail.hasEnded)
      let woken = WakeUp()
      #expect(tail.arm { woken.signal() })
      holder.kill()
      #expect(woken.wait())
      #expect(TailReading(tail).problem == nil)
      #expect(tail.isInterrupted)
    }
  }

  @Test func `an interrupted journal that ends in a torn record or an empty page has an end`() throws {
    for length in [4096 + 100, 4096 + 20 * 64] {
      var journal = try TestJournal()
      journal.publish(.started(processIdentifier: 1))
      journal.writer.close()
      #expect(truncate(journal.directory.appending("events").string, length) == 0)
      let tail = JournalTail(try journal.reader())
      let reading = TailReading(tail)
      #expect(reading.problem == nil)
      #expect(reading.events.map(\.event) == [.started(processIdentifier: 1)])
      #expect(tail.isInterrupted)
    }
  }

  @Test func `without inotify a tail is woken by the timer`() throws {
    let watch = JournalWatch(nil)
    let state = Mutex(try TestJournal())
    let tail = JournalTail(try state.withLock { try $0.reader() }, watch: watch)
    let started = Gate()
    let found = Mutex<[ExecutionEvent]>([])
    Threads.run([
      {
        started.wait()
        state.withLock { journal in
          for waiter in 0..<100 { journal.publish(.wait(waiter: UInt64(waiter))) }
          journal.publish(Self.exit)
        }
      },
      {
        let woken = WakeUp()
        #expect(tail.arm { woken.signal() })
        started.open()
        #expect(woken.wait())
        let reading = TailReading(tail)
        found.withLock { $0 = reading.events.map(\.event) }
      },
    ])
    #expect(found.withLock { $0 } == state.withLock { $0.published })
  }

  @Test func `changes that the kernel does not report are found by the timer`() throws {
    var journal = try TestJournal()
    journal.publish(.started(processIdentifier: 1))
    let watch = JournalWatch.shared
    let woken = WakeUp()
    // The record is there already: no event will come.
    watch.arm(watch.makeKey(), try journal.reader(), until: 0) { woken.signal() }
    #expect(woken.wait())
  }

  @Test func `a cancelled tail wakes its sleeper and reads nothing more`() throws {
    var journal = try TestJournal()
    let tail = JournalTail(try journal.reader())
    let woken = WakeUp()
    #expect(tail.arm { woken.signal() })
    tail.cancel()
    #expect(woken.wait())
    journal.publish(.started(processIdentifier: 1))
    #expect(try tail.poll().isEmpty)
    #expect(tail.hasEnded)
    #expect(!tail.arm {})
  }

  @Test func `a journal that is removed under a tail is read to what it was`() throws {
    var journal = try TestJournal()
    journal.output(.stdout, Array("gone".utf8))
    let tail = JournalTail(try journal.reader())
    let catalogue = JournalCatalogue(directory: journal.directory.removingLastComponent())
    journal.writer.close()
    try catalogue.remove(try TestJournal.identity().id)
    #expect(try tail.poll().count == 1)
    #expect(tail.hasEnded)
    #expect(tail.isInterrupted)
  }
}
