/// An input that nobody takes: why is told to whoever writes, and to nobody else.
struct RefusedInput: CommandInput {
  /// One clause.
  let reason: String

  func write(_ bytes: [UInt8], completion: @escaping @Sendable (String?) -> Void) { completion(reason) }

  func closeInput() {}
}
