public import ExecModel

/// A started command, as the engine drives it.
///
/// Every method may be called from any thread, also after the end.
public protocol BoxProcess: Sendable {
  /// Queues bytes for the command's input; `completion` is called once, when the kernel took them all or will not.
  ///
  /// Writes keep their order. The completion may be called from a pump thread and must not block.
  func write(_ bytes: [UInt8], completion: @escaping @Sendable (InputError?) -> Void)

  /// Closes the command's input after what was queued; a terminal gets its end-of-file character.
  func closeInput()

  /// Sends a signal to the command's process group.
  func signal(_ signal: Signal) throws(SignalError)

  /// Tells the command's terminal its new size; without a terminal does nothing.
  func resize(_ size: TerminalSize)

  /// Reads what the kernel holds of these streams now, reports it, closes them, and reports each with
  /// ``ExecutionSink/emptied(_:)``, or with ``ExecutionSink/endOfStream(_:)`` when the end was there.
  ///
  /// It ends even when a holder goes on writing: what was buffered at the time of the call bounds it.
  func emptyStreams(_ streams: StreamSet)

  /// Goes on reading a stream whose last report was not taken whole.
  func resumeReading(_ stream: ExecStream)

  /// The processes that hold the given streams open, the command itself excluded; slow, asks the system.
  func holders(of streams: StreamSet) -> [PipeHolder]

  /// What the command and its descendants use; nil where nobody counts, and after the end. It asks the system.
  func usage() -> ResourceUsage?

  /// Gives back everything; the engine calls it once, after the terminal event.
  func release()
}

extension BoxProcess {
  /// Nothing is counted.
  public func usage() -> ResourceUsage? { nil }
}
