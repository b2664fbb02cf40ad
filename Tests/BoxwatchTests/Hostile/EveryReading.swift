import BoxwatchUI
import Cells
import Console
import ExecModel
import Glibc
import JSON
import Journal
import SystemPackage
import Widgets

@testable import ExecEngine
@testable import Headless
@testable import Instances
@testable import boxwatch

/// Reads one journal in every way there is: a reading may refuse it with an error, and must neither trap nor hang.
///
/// The fuzzer of journals reads with it too.
struct EveryReading {
  /// Where a reading begins or ends: at edges of what 64 bits can say, and in the text.
  private static let places: [UInt64] = [0, 1, 100, 32 << 10, 1 << 63 - 1, 1 << 63, .max - 1, .max]
  private static let output = OutputDescriptor(open("/dev/null", O_WRONLY | O_CLOEXEC))

  let directory: FilePath

  /// Reads it.
  func run() {
    list()
    guard let reader = try? JournalReader(opening: directory) else { return }
    records(reader)
    for stream in ExecStream.allCases { text(StreamText(reader, stream)) }
    pass(reader)
    screen(reader)
    _ = JournalOracle.complaint(directory)
  }

  private func list() {
    let parent = directory.removingLastComponent()
    _ = try? JournalCatalogue(directory: parent).list()
    let list = ExecutionList(parent)
    for execution in list.executions {
      _ = execution.json.line
      for now in Self.places { _ = PickerEntry(execution, now: now) }
    }
    for now in Self.places {
      _ = ExecutionTable(width: 80, isColored: true, now: now).lines(list.executions)
    }
  }

  private func records(_ reader: JournalReader) {
    _ = try? reader.liveness()
    for place in Self.places { _ = try? reader.records(from: place, limit: .max) }
    let tail = JournalTail(reader)
    while let events = try? tail.poll(limit: 3), !events.isEmpty {}
    _ = (tail.hasEnded, tail.isInterrupted, reader.interruption)
    tail.cancel()
  }

  private func text(_ text: StreamText) {
    text.refresh(upTo: .max)
    for place in Self.places {
      _ = (text.lineNumber(at: place), text.endsLine(at: place), text.retained(limit: place))
      for limit in Self.places {
        _ = (text.pieces(from: place, count: 3, limit: limit), text.pieces(before: place, count: 3, limit: limit))
        _ = (text.boundary(atOrBefore: place, limit: limit), text.offset(ofLine: place, limit: limit))
      }
    }
  }

  /// Passes it on as `logs` and `attach` do, in each format.
  private func pass(_ reader: JournalReader) {
    let prefix = LinePrefix(name: "a", isAlone: false, true)
    let buffer = ReadBuffer()
    var consumers: [any EventConsumer] = []
    for stream in ExecStream.allCases {
      consumers.append(ByteConsumer(stream, Self.output, buffer) {})
      consumers.append(LineConsumer(stream, Self.output, prefix, buffer) {})
    }
    for losses in [Losses.fail, .reported] {
      consumers.append(JSONConsumer(id: reader.identity.id, name: "a", Self.output, losses: losses, buffer) {})
    }
    for consumer in consumers {
      let follower = Follower(JournalTail(reader), consumer, waits: false) { _ in }
      while case .more = follower.step({}) {}
      follower.end()
    }
  }

  /// Shows it as the monitor does.
  private func screen(_ reader: JournalReader) {
    var model = Model(Display(height: 24, width: 100), boxes: [BoxChoice(name: "local")])
    let id = reader.identity.id
    let text: TextLookup = { _, stream in StreamText(reader, stream) }
    for created in [0, UInt64.max] {
      _ = update(&model, .added(id, reader.spec, box: reader.identity.box, created: created), text: text)
    }
    for event in (try? reader.records(from: 0, limit: .max)) ?? [] {
      _ = update(&model, .event(id, event), text: text)
    }
    for character in "Gg/1\rnpmwi\u{1B}ved" {
      for now in [0, UInt64.max] { _ = update(&model, .tick(now: now, clock: "14:02:11"), text: text) }
      let keys: [Character: Key] = ["\r": .named(.enter), "\u{1B}": .named(.escape)]
      _ = update(&model, .key(keys[character] ?? .character(character)), text: text)
      _ = view(model, text: text)
    }
  }
}
