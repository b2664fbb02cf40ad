public import ExecModel

/// One thing that happens in a schedule.
public enum Step: Hashable, Sendable {
  /// A pump delivers a chunk, by its number in the stream.
  case chunk(ExecStream, Int)
  /// A pump delivers its stream's end.
  case endOfStream(ExecStream)
  /// The reaper reports the exit.
  case exit
  /// A waiter arrives, by its number.
  case waiter(Int)
  /// The late waiter arrives; its number is the one after the others.
  case lateWaiter(Int)
  /// The grandchild writes its chunk into stdout's pipe.
  case grandchildWrites
  /// The grandchild ends, and with it the last holder of stdout's pipe.
  case grandchildEnds
  /// The timer after the exit is up.
  case deadline
  /// Someone closes the execution by force.
  case forceClose

  /// The letter that stands for it in a schedule's text; a capital letter is an end.
  public var letter: Character {
    switch self {
    case .chunk(.stdout, _): "o"
    case .chunk(.stderr, _): "e"
    case .endOfStream(.stdout): "O"
    case .endOfStream(.stderr): "E"
    case .exit: "x"
    case .waiter: "w"
    case .lateWaiter: "l"
    case .grandchildWrites: "g"
    case .grandchildEnds: "G"
    case .deadline: "d"
    case .forceClose: "f"
    }
  }

  /// How a person calls it: `stdout chunk 1`, counted from 1.
  public var name: String {
    switch self {
    case .chunk(let stream, let index): "\(stream.name) chunk \(index &+ 1)"
    case .endOfStream(let stream): "end of \(stream.name)"
    case .exit: "exit"
    case .waiter(let index): "waiter \(index &+ 1) arrives"
    case .lateWaiter: "late waiter arrives"
    case .grandchildWrites: "grandchild writes"
    case .grandchildEnds: "grandchild ends"
    case .deadline: "deadline"
    case .forceClose: "force close"
    }
  }
}
