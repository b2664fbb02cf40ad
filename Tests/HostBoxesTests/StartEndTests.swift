import ExecEngine
import ExecModel
import Glibc
import Linux
import Testing

@testable import HostBoxes

/// An end that is asked for while a command is still being started.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct StartEndTests {
  private enum Way: Int, CaseIterable {
    case terminate
    case kill
    case release
  }

  private static let boxes: [any Box] =
    [LocalBox()] + (BoxUnderTest.sandboxProblem == nil ? [BoxUnderTest.sandbox] : [])
    + (KeptFixture.shared.box.map { [$0] } ?? [])

  /// Busy, since a sleep is longer than most of these moments.
  private static func pass(microseconds: UInt64) {
    let end = MonotonicClock.now + microseconds * 1000
    while MonotonicClock.now < end {}
  }

  /// The living processes of sessions; a zombie is another's to reap.
  private static func living(inSessions sessions: Set<Int32>) -> [Int32] {
    ProcessDirectory.all().filter { number in
      let process = ProcessDirectory(processIdentifier: number)
      guard let session = process.family()?.session, sessions.contains(session) else { return false }
      return process.state() != UInt8(ascii: "Z")
    }
  }

  /// A sandbox takes some 12 ms until its command runs; the moments go on for three times that.
  @Test(arguments: boxes.indices)
  func `nothing is left at any of 200 moments of the start`(_ index: Int) async throws {
    let box = Self.boxes[index]
    var sessions: Set<Int32> = []
    for moment in 0..<200 {
      let run = try Run(box, ExecutionSpec(command: ["sleep", "1000"]))
      Self.pass(microseconds: UInt64(moment) * 200)
      let way = Way.allCases[moment % 3]
      switch way {
      case .terminate: try? run.process.signal(.terminate)
      case .kill: try? run.process.signal(.kill)
      case .release: run.process.release()
      }
      if way != .release {
        let record = await run.finish()
        #expect(record.status != nil, "\(box.name), moment \(moment), \(way)")
      }
      sessions.insert(try #require(run.sink.record.processIdentifier))
      // To look through all processes of a machine takes longer than the start of a command.
      guard moment % 20 == 19 else { continue }
      while !Self.living(inSessions: sessions).isEmpty { poll(nil, 0, 5) }
      sessions = []
    }
  }

  @Test(.enabled(if: CgroupSupport.problem == nil, "\(CgroupSupport.problem ?? "")"))
  func `the group of a limited command is gone soon after it, without another one`() async throws {
    let limits = SandboxOptions(limits: BoxLimits(memory: 64 << 20, processes: 50))
    let box = BubblewrapBox(name: "limited", options: limits)
    let before = Self.groups()
    for _ in 0..<20 { _ = try await Run(box, script: "sleep 100 & exit 0").finish() }
    while !Self.groups().subtracting(before).isEmpty { poll(nil, 0, 1) }
  }

  private static func groups() -> Set<String> {
    let folders = Set(CgroupTable.ofThisProcess().hierarchies.flatMap(\.parents))
    return Set(
      folders.flatMap { folder in
        FolderContents.names(in: folder).filter { $0.hasPrefix("boxwatch-run-\(getpid())-") }.map {
          folder + "/" + $0
        }
      })
  }
}
