import ExecEngine
import ExecModel
import Glibc
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// P4 and P6 on a disk that is full: the pump waits, nothing is lost, and it goes on when there is room.
@Suite(.serialized) struct FullDiskTests {
  @Test(.enabled(if: SmallDisk.isPossible, "needs root to mount a small tmpfs"))
  func `output that does not fit waits for room and is whole afterwards`() throws {
    let disk = try SmallDisk(kilobytes: 512)
    defer { disk.unmount() }
    let timers = ManualTimers()
    let box = ScriptedBox()
    let engine = Engine(stateDirectory: disk.path, timers: timers)
    let id = try engine.start(ExecutionSpec(command: ["test"], keep: .all), in: box)
    try disk.fill(leaving: 64 << 10)

    let chunk = [UInt8](repeating: 0x78, count: 256 << 10)
    let taken = box.sink.output(.stdout, bytes: chunk)
    #expect(taken < chunk.count)
    #expect(box.sink.output(.stdout, bytes: chunk) < chunk.count)
    #expect(try engine.snapshot(id).stalls[.stdout] == ENOSPC)
    timers.advance(by: .milliseconds(100))
    #expect(box.process.requests.contains(.resume(.stdout)))

    disk.empty()
    timers.advance(by: .milliseconds(100))
    let rest = box.sink.output(.stdout, bytes: Array(chunk[..<1000]))
    #expect(rest == 1000)
    box.sink.endOfStream(.stdout)
    box.sink.endOfStream(.stderr)
    box.sink.exited(.exited(0))
    timers.advance(by: .seconds(1))
    let conclusion = try #require(try engine.snapshot(id).conclusion)
    #expect(conclusion.outcome.isComplete)
    #expect(conclusion.bytes.stdout >= UInt64(taken + 1000))
  }

  @Test(.enabled(if: SmallDisk.isPossible, "needs root to mount a small tmpfs"))
  func `two streams that wait for room need one timer, however long they wait`() throws {
    let disk = try SmallDisk(kilobytes: 512)
    defer { disk.unmount() }
    let timers = ManualTimers()
    let box = ScriptedBox()
    let engine = Engine(stateDirectory: disk.path, timers: timers)
    _ = try engine.start(ExecutionSpec(command: ["test"], keep: .all), in: box)
    try disk.fill()
    let chunk = [UInt8](repeating: 0x78, count: 256 << 10)
    // As a pump does it: what was not taken is offered again, and the end of patience is the engine's.
    box.process.onRequest { [box] request in
      if case .resume(let stream) = request { _ = box.sink.output(stream, bytes: chunk) }
    }
    for stream in ExecStream.allCases { _ = box.sink.output(stream, bytes: chunk) }
    for _ in 0..<12 { timers.advance(by: .milliseconds(100)) }
    #expect(timers.pendingCount <= 1)
    #expect(box.process.requests.count <= 2 * 13)
  }

  @Test(.enabled(if: SmallDisk.isPossible, "needs root to mount a small tmpfs"))
  func `a pump that stopped before the box returned is resumed`() throws {
    let disk = try SmallDisk(kilobytes: 512)
    defer { disk.unmount() }
    let timers = ManualTimers()
    try disk.fill(leaving: 64 << 10)
    let chunk = [UInt8](repeating: 0x78, count: 256 << 10)
    let box = ScriptedBox { sink in
      #expect(sink.output(.stdout, bytes: chunk) < chunk.count)
      disk.empty()
      timers.advance(by: .milliseconds(100))
    }
    _ = try Engine(stateDirectory: disk.path, timers: timers).start(
      ExecutionSpec(command: ["test"], keep: .all), in: box)
    #expect(box.process.requests == [.resume(.stdout)])
  }

  @Test(.enabled(if: SmallDisk.isPossible, "needs root to mount a small tmpfs"))
  func `a forced close does not wait for a full disk: the record is lost, and subscribers get the rest`() throws {
    let disk = try SmallDisk(kilobytes: 512)
    defer { disk.unmount() }
    let box = ScriptedBox()
    let engine = Engine(stateDirectory: disk.path, timers: ManualTimers())
    let id = try engine.start(ExecutionSpec(command: ["test"], keep: .all), in: box)
    let chunk = [UInt8](repeating: 0x78, count: 1 << 20)
    #expect(box.sink.output(.stdout, bytes: chunk) < chunk.count)
    #expect(box.sink.output(.stdout, bytes: chunk) == 0)
    let recorded = try engine.snapshot(id).bytes.stdout
    try engine.forceClose(id)
    box.sink.exited(.signalled(9, coreDumped: false))
    #expect(box.sink.output(.stdout, bytes: chunk) == chunk.count)
    box.sink.endOfStream(.stdout)
    box.sink.endOfStream(.stderr)
    let conclusion = try #require(try engine.snapshot(id).conclusion)
    #expect(conclusion.outcome == Outcome(status: .forceClosed))
    #expect(conclusion.recordLoss == RecordLoss(errno: ENOSPC, offsets: PerStream<UInt64>(stdout: recorded)))
    #expect(conclusion.bytes.stdout == recorded + UInt64(chunk.count) && conclusion.shellCode == 125)
  }

  @Test(.enabled(if: SmallDisk.isPossible, "needs root to mount a small tmpfs"))
  func `an end that is wanted is not kept by a full disk for longer than a second`() throws {
    let disk = try SmallDisk(kilobytes: 512)
    defer { disk.unmount() }
    let timers = ManualTimers()
    let box = ScriptedBox()
    let engine = Engine(stateDirectory: disk.path, timers: timers)
    let id = try engine.start(ExecutionSpec(command: ["test"], keep: .all), in: box)
    let chunk = [UInt8](repeating: 0x78, count: 1 << 20)
    box.process.onRequest { [box] request in
      if case .resume(let stream) = request { _ = box.sink.output(stream, bytes: chunk) }
    }
    #expect(box.sink.output(.stdout, bytes: chunk) < chunk.count)
    for _ in 0..<50 { timers.advance(by: .milliseconds(100)) }
    guard case .stalled(ENOSPC, _) = try engine.snapshot(id).record else {
      Issue.record("without a wish for an end the disk is waited for")
      return
    }
    try engine.signal(id, .terminate)
    for _ in 0..<9 { timers.advance(by: .milliseconds(100)) }
    #expect(try engine.snapshot(id).record.loss == nil)
    for _ in 0..<2 { timers.advance(by: .milliseconds(100)) }
    #expect(try engine.snapshot(id).record.loss?.errno == ENOSPC)
  }

  @Test(.enabled(if: SmallDisk.isPossible, "needs root to mount a small tmpfs"), arguments: [false, true])
  func `an interrupt asks for the end when it is the second, or the command has exited`(hasExited: Bool) throws {
    let disk = try SmallDisk(kilobytes: 512)
    defer { disk.unmount() }
    let timers = ManualTimers()
    let box = ScriptedBox()
    let engine = Engine(stateDirectory: disk.path, timers: timers)
    let id = try engine.start(ExecutionSpec(command: ["test"], keep: .all), in: box)
    let chunk = [UInt8](repeating: 0x78, count: 1 << 20)
    box.process.onRequest { [box] request in
      if case .resume(let stream) = request { _ = box.sink.output(stream, bytes: chunk) }
    }
    #expect(box.sink.output(.stdout, bytes: chunk) < chunk.count)
    if hasExited {
      box.sink.exited(.signalled(2, coreDumped: false))
    } else {
      try engine.signal(id, .interrupt)
      for _ in 0..<20 { timers.advance(by: .milliseconds(100)) }
    }
    #expect(try engine.snapshot(id).record.loss == nil)
    try engine.signal(id, .interrupt)
    for _ in 0..<12 { timers.advance(by: .milliseconds(100)) }
    #expect(try engine.snapshot(id).record.loss?.errno == ENOSPC)
  }

  @Test(.enabled(if: SmallDisk.isPossible, "needs root to mount a small tmpfs"))
  func `states of the record are reported in order, also when one arrives during a report`() throws {
    let disk = try SmallDisk(kilobytes: 512)
    defer { disk.unmount() }
    let timers = ManualTimers()
    let box = ScriptedBox()
    let engine = Engine(stateDirectory: disk.path, timers: timers)
    let told = Mutex<[RecordHealth]>([])
    engine.watchRecords { [box] _, health in
      if case .stalled = health {
        disk.empty()
        timers.advance(by: .milliseconds(100))
        box.sink.output(.stdout, "there is room")
      }
      told.withLock { $0.append(health) }
    }
    let id = try engine.start(ExecutionSpec(command: ["test"], keep: .all), in: box)
    try disk.fill()
    let chunk = [UInt8](repeating: 0x78, count: 256 << 10)
    #expect(box.sink.output(.stdout, bytes: chunk) < chunk.count)
    guard case .stalled(ENOSPC, _)? = told.withLock({ $0.first }) else {
      Issue.record("\(told.withLock { $0 })")
      return
    }
    #expect(told.withLock { $0.last } == .recording)
    #expect(try engine.snapshot(id).record == .recording)
  }

  @Test(.enabled(if: SmallDisk.isPossible, "needs root to mount a small tmpfs"))
  func `only force leaves bytes out: a drain policy's end waits for room, and then cuts nothing`() throws {
    let disk = try SmallDisk(kilobytes: 512)
    defer { disk.unmount() }
    let timers = ManualTimers()
    let box = ScriptedBox()
    let engine = Engine(stateDirectory: disk.path, timers: timers)
    let id = try engine.start(ExecutionSpec(command: ["test"], drain: .untilEmpty, keep: .all), in: box)
    try disk.fill(leaving: 64 << 10)
    let chunk = [UInt8](repeating: 0x78, count: 128 << 10)
    box.sink.exited(.exited(0))
    box.sink.endOfStream(.stderr)
    let taken = box.sink.output(.stdout, bytes: chunk)
    #expect(taken < chunk.count)
    #expect(box.sink.output(.stdout, bytes: chunk) < chunk.count)
    disk.empty()
    timers.advance(by: .milliseconds(100))
    #expect(box.process.requests.contains(.resume(.stdout)))
    #expect(box.sink.output(.stdout, bytes: Array(chunk[taken...])) == chunk.count - taken)
    box.sink.endOfStream(.stdout)
    #expect(try engine.snapshot(id).conclusion?.outcome == Outcome(status: .exited(0)))
  }
}
