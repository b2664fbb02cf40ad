public import ExecModel
import Synchronization

/// The text view of one stream of a journal, live or finished.
///
/// It keeps a sparse index of lines in bounded memory, and reads all else from the disk when it is asked for.
public final class StreamText: Sendable {
  let reader: JournalReader
  let stream: ExecStream
  private let state = Mutex(State())

  private struct State {
    var index = LineIndex()
    var newest = LineIndex.Checkpoint(offset: 0, lines: 0)
    var nextRecord: UInt64 = 0
  }

  /// Makes a view of one stream; its index is empty until ``refresh(upTo:)``.
  public init(_ reader: JournalReader, _ stream: ExecStream) {
    self.reader = reader
    self.stream = stream
  }

  /// Extends the line index over the records up to `length` bytes of the stream.
  public func refresh(upTo length: UInt64) {
    state.withLock { state in
      guard state.newest.offset < length else { return }
      // A damaged record ends the index there; the text itself needs no records.
      try? reader.eachRecord(from: state.nextRecord) { number, _, record in
        state.nextRecord = number + 1
        guard record.outputStream == stream else { return true }
        state.newest = LineIndex.Checkpoint(offset: record.second, lines: record.third)
        state.index.note(record.second, lines: record.third)
        return record.second < length
      }
    }
  }

  /// How many checkpoints the index holds.
  var checkpointCount: Int { state.withLock { $0.index.checkpoints.count } }

  /// The nearest known places around an offset.
  func around(offset: UInt64) -> (before: LineIndex.Checkpoint, after: LineIndex.Checkpoint?) {
    state.withLock { state in
      var found = state.index.around(offset: offset)
      if state.newest.offset <= offset { return (state.newest, nil) }
      if found.after == nil { found.after = state.newest }
      return found
    }
  }

  /// The last known place with fewer than `line` newlines before it.
  func before(line: UInt64) -> LineIndex.Checkpoint { state.withLock { $0.index.around(line: line).before } }

  /// Reads a part of the stream; nil when it was evicted or the disk fails.
  func fetch(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    switch try? reader.read(stream, at: offset, into: buffer) {
    case .bytes(let count): count
    case .evicted, nil: nil
    }
  }
}
