/// Where a command's input is written to.
protocol CommandInput: Sendable {
  /// Queues bytes; `completion` is called once, with a reason when they were not and will not be taken.
  func write(_ bytes: [UInt8], completion: @escaping @Sendable (String?) -> Void)

  /// Ends the input after what was queued.
  func closeInput()
}
