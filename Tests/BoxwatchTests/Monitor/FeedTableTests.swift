import Console
import ExecEngine
import ExecModel
import Glibc
import Journal
import Linux
import SystemPackage
import TestSupport
import Testing

@testable import boxwatch

@Suite struct FeedTableTests {
  private struct Fixture {
    let folder: ScratchFolder
    let engine: Engine
    let wake: WakeDescriptor

    init() throws {
      folder = ScratchFolder()
      engine = Engine(stateDirectory: folder.path)
      wake = try WakeDescriptor()
    }

    func start() throws -> (id: ExecutionID, box: ScriptedBox) {
      let box = ScriptedBox()
      return (try engine.start(ExecutionSpec(command: ["x"]), in: box), box)
    }
  }

  @Test func `each execution's events come under its own name, and only what is new`() throws {
    let fixture = try Fixture()
    let (one, first) = try fixture.start()
    let (two, second) = try fixture.start()
    var table = FeedTable()
    for id in [one, two] { table.add(ExecutionFeed(id, try fixture.engine.attach(id), fixture.wake.wake)) }
    var news: [ExecutionID: [RecordedEvent]] = [:]
    func read() {
      news = [:]
      _ = table.read { news[$0.id] = try? $0.events.get() }
    }
    read()
    #expect(news.count == 2 && news[one]?.count == 1)
    first.sink.output(.stdout, "abc")
    read()
    #expect(news.keys.sorted() == [one])
    #expect(news[one]?.map(\.event) == [.output(.stdout, range: 0..<3, lines: 0, endsLine: false)])
    second.sink.output(.stderr, "\n")
    table.remove(one)
    first.sink.output(.stdout, "def")
    read()
    #expect(news.keys.sorted() == [two] && table[one] == nil)
  }

  @Test func `a failed read is reported once, and repeated until it succeeds`() throws {
    let fixture = try Fixture()
    let (id, box) = try fixture.start()
    // One that is over: as long as it is written, its writer's descriptors are read through.
    for stream in ExecStream.allCases { box.sink.endOfStream(stream) }
    box.sink.exited(.exited(0))
    var table = FeedTable()
    table.add(ExecutionFeed(id, try fixture.engine.attach(id), fixture.wake.wake))
    var (failures, events) = (0, 0)
    func read() {
      _ = table.read { news in
        switch news.events {
        case .success(let new): events += new.count
        case .failure: failures += 1
        }
      }
    }
    let folder = fixture.engine.journalDirectory(id).string
    #expect(rename(folder, folder + "-away") == 0)
    for _ in 0..<3 {
      read()
      #expect(Array(table.retry().keys) == [id])
    }
    #expect(failures == 1 && events == 0)
    #expect(rename(folder + "-away", folder) == 0)
    #expect(Array(table.retry().keys) == [id])
    read()
    #expect(failures == 1 && events == 5)
    #expect(table.retry().isEmpty)
  }

  @Test func `the death of a boxwatch is reported once, after everything in its record`() throws {
    let folder = ScratchFolder()
    let id = try #require(ExecutionID("one"))
    let identity = JournalIdentity(id: id, box: "local", created: 7, watcher: 4711)
    let path = folder.path.appending("one")
    let writer = try JournalWriter(creating: path, identity: identity, spec: ExecutionSpec(command: ["x"]))
    _ = writer.publish(.started(processIdentifier: 1), at: 1)
    _ = writer.store(.stdout, Array("half\n".utf8).span.bytes)
    _ = writer.publish(.output(.stdout, range: 0..<5, lines: 1), at: 2)
    var table = FeedTable()
    let wake = try WakeDescriptor()
    table.add(ExecutionFeed(id, JournalTail(try JournalReader(opening: path)), wake.wake))
    var events: [ExecutionEvent] = []
    var told: [ExecutionID] = []
    func read() {
      _ = table.read { events += ((try? $0.events.get()) ?? []).map(\.event) }
      told += table.takeInterrupted()
    }
    read()
    #expect(told == [] && events.count == 2, "its writer still lives")
    // Records of an older version do not say it; the text does.
    #expect(events.last == .output(.stdout, range: 0..<5, lines: 1, endsLine: true))
    wake.clear()
    writer.close()
    #expect(wake.wait(milliseconds: 60_000))
    read()
    read()
    #expect(told == [id] && events.count == 2)
  }
}
