import FuzzDriver
import Glibc

/// `fuzz TARGET [CORPUS] [-option=...]`: libFuzzer over one of the targets; `.ci/fuzz` builds and runs it.
@main
enum Fuzz {
  /// All of them, by the name of the folder of their corpus.
  private static let targets: [FuzzTarget] = [.journal, .wire, .frames, .configuration, .keys, .terminal]

  /// The target that the first word names; read once, before the first input.
  private static let chosen = targets.first { CommandLine.arguments.dropFirst().first == $0.name }

  static func main() {
    guard chosen != nil else {
      print(targets.map(\.name).joined(separator: "\n"))
      exit(CommandLine.argc == 1 ? 0 : 2)
    }
    // The target's name takes the place of the program's.
    var count = CommandLine.argc - 1
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv + 1
    exit(
      LLVMFuzzerRunDriver(&count, &arguments) { bytes, count in
        Fuzz.chosen?.take(Array(UnsafeBufferPointer(start: bytes, count: count)))
        return 0
      })
  }
}

/// One thing to fuzz: it is given bytes, and traps, hangs or grows where there is a fault.
struct FuzzTarget: Sendable {
  /// Its name, and that of its corpus.
  let name: String
  /// Takes one input.
  let take: @Sendable ([UInt8]) -> Void
}

/// An input as a source of choices, eight bytes each; zeros for ever behind its end.
///
/// So what libFuzzer changes in the input changes a field of what is made from it, and the checks over it stay right.
struct FuzzChoices: RandomNumberGenerator {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  mutating func next() -> UInt64 {
    let word = rest.prefix(8)
    rest = rest.dropFirst(8)
    return word.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
