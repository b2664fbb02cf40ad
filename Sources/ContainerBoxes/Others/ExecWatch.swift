public import ExecEngine
import ExecModel
import JSON
import NIOCore
import Synchronization

/// Splits an engine's stream of events: one JSON object per line.
struct EventLines {
  private var rest: [UInt8] = []

  /// The maximum size of an event; an engine's are smaller.
  private static let largest = 1 << 20

  /// The events completed by these bytes.
  mutating func take(_ bytes: borrowing RawSpan) -> [JSONValue] {
    bytes.withUnsafeBytes { rest += $0 }
    let lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var events = lines.dropLast().compactMap(Self.event)
    rest = Array(lines.last ?? [])
    // Podman may omit the line break after the last event.
    if rest.last == UInt8(ascii: "}"), let event = Self.event(rest[...]) {
      events.append(event)
      rest = []
    }
    if rest.count > Self.largest { rest = [] }
    return events
  }

  private static func event(_ line: ArraySlice<UInt8>) -> JSONValue? { try? JSONValue(parsing: Array(line)) }
}

/// Reports every command that other clients run in a container: those running now, and those that
/// start later.
///
/// Commands of this process are excluded.
public final class ExecWatch: Sendable {
  /// `docker:CONTAINER` or `podman:CONTAINER`.
  public let name: String

  private let engine: EngineAccess
  private let container: String
  private let session = Mutex<NIOLoopBound<ExecWatchSession>?>(nil)
  private let isStopped = Mutex(false)

  /// Creates a watch without starting it.
  public init(_ engine: EngineAccess, container: String) {
    self.engine = engine
    self.container = container
    name = engine.kind.rawValue + ":" + container
  }

  /// Starts watching; the engine is contacted on this thread, and results are reported on another,
  /// which must not be blocked.
  ///
  /// - Parameters:
  ///   - found: called for each command, once.
  ///   - ended: called once, when the container has ended (nil) or when it can no longer be
  ///     watched, with the reason.
  /// - Throws: ``/ExecEngine/BoxError`` when the container cannot be watched.
  public func start(
    found: @escaping @Sendable (ExecAttachment) -> Void, ended: @escaping @Sendable (String?) -> Void
  ) throws(BoxError) {
    let client = try engine.client()
    let (facts, inspection): (EngineFacts, ContainerInspection)
    do throws(EngineAPIError) {
      facts = try client.call(client.asked())
      inspection = try client.call(client.inspectContainer(container))
    } catch {
      throw BoxError(.box, error.description)
    }
    guard inspection.isRunning else { return ended(nil) }
    let (engine, container) = (engine, container)
    let begun = try SessionStart.wait(on: client.loop) {
      let session = ExecWatchSession(client, facts, inspection, ended: ended) { identifier in
        found(ExecAttachment(engine, container: container, exec: identifier))
      }
      session.start()
      return (session, client.loop.makeSucceededVoidFuture())
    }
    session.withLock { $0 = begun }
    if isStopped.withLock({ $0 }) { stop() }
  }

  /// Stops watching; nothing more is reported.
  public func stop() {
    isStopped.withLock { $0 = true }
    guard let session = session.withLock({ $0 }) else { return }
    session.execute { $0.stop() }
  }
}

extension NIOLoopBound {
  /// Runs `body` with the value on its loop.
  fileprivate func execute(_ body: @escaping @Sendable (Value) -> Void) {
    eventLoop.execute { [self] in body(value) }
  }
}

/// The process of an exec that another client started: it takes no input and cannot be resized.
protocol WatchedExec: BoxProcess {
  var exec: OtherExec { get }
  var sink: any ExecutionSink { get }
  /// Whether its end was reported, or it was released.
  var isOver: Bool { get }
}

extension WatchedExec {
  func write(_ bytes: [UInt8], completion: @escaping @Sendable (InputError?) -> Void) { completion(.closed) }

  func closeInput() {}

  func signal(_ signal: Signal) throws(SignalError) {
    guard !isOver else { throw .ended }
    try exec.signal(signal)
  }

  func resize(_ size: TerminalSize) {}

  func emptyStreams(_ streams: StreamSet) {
    for stream in streams.streams { sink.emptied(stream) }
  }

  func holders(of streams: StreamSet) -> [PipeHolder] { exec.process?.holders(of: streams) ?? [] }

  func usage() -> ResourceUsage? { exec.process?.usage() }
}
