import ExecModel
import Journal

/// Does something with each event of one execution; used by one thread.
protocol EventConsumer: Sendable {
  /// Takes the next event; the bytes that it tells of can be read from `journal`.
  ///
  /// - Throws: ``Failure`` when what it needs cannot be read or written.
  func take(_ event: RecordedEvent, _ journal: JournalReader) throws

  /// Writes what waits for more, since no more is read.
  ///
  /// - Throws: ``Failure`` when it cannot be written.
  func finish() throws
}
