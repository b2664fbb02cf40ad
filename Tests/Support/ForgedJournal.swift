public import ExecModel
import Glibc
import JSON
import Journal
public import SystemPackage

/// A journal that no writer of ours makes: its checks are right, and its content is impossible.
///
/// Damage is found by the checks; this goes past them, so that readers meet every value that 64 bits can have. The
/// format is written down a second time here on purpose: a change that old journals would not survive fails a test.
public struct ForgedJournal<Chance: RandomNumberGenerator> {
  private var chance: Chance
  /// The execution's identifier, which is the folder's name too.
  public let id = ExecutionID("20261124-055827-412345-k3f9x-1")

  /// Forges by chance; a generator that ends in zeros for ever is fine.
  public init(_ chance: Chance) { self.chance = chance }

  /// Writes a journal into a new folder below `parent`, and returns the folder.
  public mutating func write(below parent: FilePath) -> FilePath {
    let directory = parent.appending(id?.description ?? "")
    mkdir(directory.string, 0o700)
    save(events(), directory.appending("events"))
    save(spec(), directory.appending("spec.json"))
    for stream in ExecStream.allCases where below(4) > 0 {
      save((0..<below(300)).map { _ in below(9) == 0 ? 10 : UInt8(below(256)) }, directory.appending(stream.name))
    }
    return directory
  }

  private func save(_ bytes: [UInt8], _ path: FilePath) {
    let file = open(path.string, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    _ = Glibc.write(file, bytes, bytes.count)
    close(file)
  }

  private mutating func below(_ bound: UInt64) -> UInt64 { chance.next() % bound }

  /// A number as files and wires bring it when they mean harm: near an edge, small, or any.
  private mutating func number() -> UInt64 {
    let edges: [UInt64] = [
      0, 1, 63, 64, 255, 256, 4096, 32 << 10, 1 << 31, 1 << 32, 1_000_000_000, 1 << 53, 1 << 56, 1 << 58, 1 << 63, .max,
      1_767_225_600_000_000_000,
    ]
    switch below(4) {
    case 0: return edges[Int(below(UInt64(edges.count)))]
    case 1: return edges[Int(below(UInt64(edges.count)))] &+ below(5) &- 2
    case 2: return below(400)
    default: return chance.next()
    }
  }
}

// MARK: - Events

extension ForgedJournal {
  private mutating func events() -> [UInt8] {
    var page = words([0x6863_7461_7778_6F62, 1 | 64 << 32]) + heads()
    page += [UInt8](repeating: 0, count: 16)
    page += below(3) == 0 ? record(number()) : []
    page += [UInt8](repeating: 0, count: 4096 - page.count)
    let first = below(8) == 0 ? below(4) : 0
    for sequence in 0..<(below(40) + first) { page += record(sequence) }
    return page
  }

  private mutating func heads() -> [UInt8] {
    let isPlain = below(2) == 0
    return checked([isPlain ? 0 : number(), isPlain ? 0 : number(), below(6) == 0 ? number() : 0])
  }

  /// Kind, stream, status, failure and code; time; four values; the number.
  private mutating func record(_ sequence: UInt64) -> [UInt8] {
    let kind = below(5) == 0 ? below(256) : below(17)
    let stream = below(6) == 0 ? below(256) : below(2)
    let status = below(8)
    let failure = below(2) == 0 ? below(9) : below(256)
    let small = kind | stream << 8 | status << 16 | failure << 24 | number() << 32
    let start = number()
    let end = below(2) == 0 ? start &+ below(300) : number()
    return checked([small, number(), start, end, number(), number(), sequence])
  }

  private func checked(_ values: [UInt64]) -> [UInt8] {
    var check: UInt64 = 0x626F_7877_6174_6368
    for value in values {
      check = (check ^ value) &* 0x9E37_79B9_7F4A_7C15
      check ^= check >> 29
    }
    return words(values + [check])
  }

  private func words(_ values: [UInt64]) -> [UInt8] {
    values.flatMap { value in (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
  }
}

// MARK: - The spec

extension ForgedJournal {
  /// A document of the true form, with each number put at another value by chance.
  private mutating func spec() -> [UInt8] {
    guard let id else { return [] }
    let identity = identity(id)
    let text = """
      {"identity":{"id":"\(id)","box":"\(identity.box)","created":\(identity.created),"watcher":\(identity.watcher)},\
      "spec":\(honestSpec().json.text)}
      """.utf8
    var bytes: [UInt8] = []
    var isText = false
    for byte in text {
      if byte == UInt8(ascii: "\"") { isText.toggle() }
      guard !isText, (48...57).contains(byte) else {
        bytes.append(byte)
        continue
      }
      if let last = bytes.last, (48...57).contains(last) { continue }
      bytes += Array((below(3) == 0 ? changed(byte) : String(UnicodeScalar(byte))).utf8)
    }
    return bytes
  }

  private func identity(_ id: ExecutionID) -> JournalIdentity {
    JournalIdentity(id: id, box: "local", created: 7, watcher: 4711)
  }

  private mutating func changed(_ digit: UInt8) -> String {
    below(6) == 0 ? "-\(number())" : below(9) == 0 ? "\(number() % 1000).5e\(below(400))" : "\(number())"
  }

  private mutating func honestSpec() -> ExecutionSpec {
    let drains: [DrainPolicy] = [.untilEndOfStream, .untilEmpty, .untilIdle(grace: .seconds(2), limit: .seconds(5))]
    return ExecutionSpec(
      command: ["sh", "-c", "echo"], name: below(2) == 0 ? "a\u{1B}\u{9B}b" : nil,
      input: below(2) == 0 ? .closed : .pipe,
      terminal: below(4) == 0 ? TerminalSize(rows: 1, columns: 2) : nil, timeLimit: below(2) == 0 ? .seconds(3) : nil,
      drain: drains[Int(below(3))], keep: below(2) == 0 ? .all : .bytes(8 << 20),
      clientBox: below(3) == 0 ? ClientBox(id: "b1", name: "x", image: "i", labels: ["a": "b"]) : nil)
  }
}
