/// What a box can do; the screen greys what is missing.
public struct BoxCapabilities: OptionSet, Hashable, Sendable {
  /// One bit for each ability.
  public let rawValue: UInt32

  /// Makes a set from its bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Commands can have a pseudo terminal.
  public static let terminal = BoxCapabilities(rawValue: 1 << 0)
  /// Commands can read what is written to them.
  public static let input = BoxCapabilities(rawValue: 1 << 1)
  /// Signals reach the command itself, not just a client of it.
  public static let signals = BoxCapabilities(rawValue: 1 << 2)
  /// A terminal can change its size while the command runs.
  public static let resize = BoxCapabilities(rawValue: 1 << 3)
  /// The processes that hold a stream after the exit can be named.
  public static let holders = BoxCapabilities(rawValue: 1 << 4)
  /// Commands go on when boxwatch lets go of them: it is attached to them, and has not started them.
  public static let outlives = BoxCapabilities(rawValue: 1 << 5)

  /// KILL reaches everything that the command has started, also what left its process group.
  public static let killAll = BoxCapabilities(rawValue: 1 << 6)
  /// What a command or the whole box uses of memory and processors can be asked.
  public static let usage = BoxCapabilities(rawValue: 1 << 7)
  /// Commands can run as another user of the box.
  public static let user = BoxCapabilities(rawValue: 1 << 8)

  /// A command can be attached to when the boxwatch that started it is gone.
  public static let reattach = BoxCapabilities(rawValue: 1 << 9)

  /// Everything that a command started by boxwatch can have.
  public static let everything: BoxCapabilities = [.terminal, .input, .signals, .resize, .holders, .usage]
}
