/// Why a stream was given up before its end.
public enum StreamCut: Hashable, Sendable, Codable {
  /// The drain policy gave it up and something still held it; the holder's process number, when one was found.
  case held(by: Int32?)
  /// The execution was closed by force: who else may have held it was not waited for.
  case forced
  /// Reading it failed, by error number (read(2)).
  case unreadable(Int32)
  /// Our own output could not be written, by error number (write(2)), and the command was ended for that.
  case unwritable(Int32)
  /// The way to its box was lost.
  case connectionLost
  /// boxwatch let go of the command, which goes on.
  case detached

  /// One clause for a person.
  public var words: String {
    switch self {
    case .held(nil): "something still held it when the drain policy gave it up"
    case .held(let holder?): "process \(holder) still held it when its drain time was up"
    case .forced: "it was closed by force before its end"
    case .unreadable(let number): "reading it failed (\(SystemErrorText.words(number)))"
    case .unwritable(let number): "our output could not be written (\(SystemErrorText.words(number)))"
    case .connectionLost: "the connection to the box was lost before the end"
    case .detached: "boxwatch let go of the command, which goes on"
    }
  }

  /// Two or three words, for a row of a table.
  public var shortWords: String {
    switch self {
    case .held(nil): "held"
    case .held(let holder?): "held by \(holder)"
    case .forced: "closed by force"
    case .unreadable(let number): SystemErrorText.words(number)
    case .unwritable: "our output failed"
    case .connectionLost: "connection lost"
    case .detached: "detached"
    }
  }

  /// One word for programs.
  public var name: String {
    switch self {
    case .held: "held"
    case .forced: "forced"
    case .unreadable: "unreadable"
    case .unwritable: "unwritable"
    case .connectionLost: "connection_lost"
    case .detached: "detached"
    }
  }
}
