/// The numbers of a child's standard streams, to be passed to posix_spawn while their owner keeps them open.
struct ChildDescriptors: Sendable {
  let input: Int32
  let output: Int32
  let error: Int32
  let terminal: String?

  /// Names pipes.
  init(input: Int32, output: Int32, error: Int32) {
    self.input = input
    self.output = output
    self.error = error
    terminal = nil
  }

  /// Reads the numbers, -1 for what is not there.
  init(_ streams: borrowing StandardStreams.Child) {
    input = Self.number(of: streams.input)
    output = Self.number(of: streams.output)
    error = Self.number(of: streams.error)
    terminal = streams.terminal
  }

  private static func number(of descriptor: borrowing OwnedDescriptor?) -> Int32 {
    switch descriptor {
    case .some(let owned): owned.raw
    case nil: -1
    }
  }
}
