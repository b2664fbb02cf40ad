public import BoxLiteWire
import NIOCore
import NIOPosix
import NIOWebSocket

/// What an attach connection is for.
public struct AttachTarget: Sendable {
  /// The box's identifier or name.
  public var box: String
  /// The execution's identifier.
  public var execution: String
  /// What is asked for beyond that.
  public var query: AttachQuery

  /// Names an execution.
  public init(box: String, execution: String, query: AttachQuery = AttachQuery()) {
    (self.box, self.execution, self.query) = (box, execution, query)
  }

  /// The request's target.
  var path: String { RESTClient.path(box: box, execution: execution, "/attach") + query.text }
}

/// How long an attach connection waits for what.
public struct AttachTimes: Hashable, Sendable {
  /// For the connection and for the answer to the upgrade, each.
  public var handshake = Duration.seconds(30)
  /// Between two of our pings.
  public var ping = Duration.seconds(15)
  /// Without any frame, while we read: the link is dead.
  ///
  /// BoxLite's server pings every 15 s.
  public var silence = Duration.seconds(45)
  /// For the end of the connection after our Close.
  public var close = Duration.seconds(5)

  /// The usual times.
  public init() {}
}

/// Takes what an attach socket brings.
///
/// All calls come from the socket's event loop, in the order of the frames, and must not block.
public protocol AttachReceiver: AnyObject, Sendable {
  /// The server let us in.
  func attached()

  /// Output arrived, never empty.
  func received(_ channel: OutputChannel, _ bytes: borrowing RawSpan)

  /// A message arrived.
  func received(_ message: ServerMessage)

  /// The connection is over, or there was none; the last call.
  func ended(_ end: AttachEnd)
}

/// How an attach connection ended.
public enum AttachEnd: Error, Hashable, Sendable {
  /// There was none: the server refused it, or could not be reached.
  case refused(ClientError)
  /// The server said Close, with this code if any (RFC 6455, section 7.4).
  case closed(code: UInt16?)
  /// It was cut; why, as far as it is known.
  case cut(String)

  /// One line for people.
  public var words: String {
    switch self {
    case .refused(let error): error.description
    case .closed(let code): "the server closed the connection" + (code.map { " (\($0))" } ?? "")
    case .cut(let why): "the connection was cut: \(why)"
    }
  }
}

/// One attach connection: a WebSocket over TCP, TLS or a Unix socket.
///
/// Every method may be called from any thread; what they do happens on the connection's event loop, in the order of the
/// calls. Nothing is tried twice: reconnecting is for who owns the connection.
public final class AttachSocket: Sendable {
  /// What is true now; lives on the event loop.
  struct State {
    enum Phase { case idle, connecting, open, closing, over }

    var phase = Phase.idle
    var receiver: (any AttachReceiver)?
    var channel: (any Channel)?
    /// Whether the receiver wants nothing now; the socket is not read then.
    var isHeld = false
    /// Frames that were read already when the receiver had enough, and the end behind them.
    var waiting = CircularBuffer<WebSocketFrame>()
    var waitingEnd: AttachEnd?
    /// Whether the server has answered the upgrade with 101.
    var isUpgrading = false
    /// Whether a pong waits to be taken by the kernel, and the newest ping behind it.
    var isPongUnderWay = false
    var ping: ByteBuffer?
    var lastHeard = NIODeadline.now()
    var timers: [RepeatedTask] = []
    /// Frames that nobody understands: ignored, as BoxLite's clients do.
    var ignored = 0
  }

  /// Bytes of one frame at most, the channel's byte included: what BoxLite's clients take.
  static let largestFrame = (16 << 20) + 1

  let client: RESTClient
  let target: AttachTarget
  let times: AttachTimes
  let loop: any EventLoop
  private let box: NIOLoopBoundBox<State>

  /// Names a connection; nothing is sent yet.
  ///
  /// - Throws: ``ClientError`` when a connection cannot be afforded.
  public convenience init(
    _ client: RESTClient, _ target: AttachTarget, receiver: any AttachReceiver, times: AttachTimes = .init()
  ) throws(ClientError) {
    let loop = try ClientThreads.next(for: client.endpoint)
    self.init(client, target, receiver: receiver, times: times, loop: loop)
  }

  init(
    _ client: RESTClient, _ target: AttachTarget, receiver: any AttachReceiver, times: AttachTimes, loop: any EventLoop
  ) {
    (self.client, self.target, self.times, self.loop) = (client, target, times, loop)
    box = NIOLoopBoundBox.makeBoxSendingValue(State(receiver: receiver), eventLoop: loop)
  }

  /// The state; only on the event loop.
  var state: State {
    get { box.value }
    _modify { yield &box.value }
  }

  /// Runs now when this is the event loop, else soon on it.
  private func onLoop(_ body: @escaping @Sendable (AttachSocket) -> Void) {
    if loop.inEventLoop { body(self) } else { loop.execute { body(self) } }
  }

  /// Connects and asks to be let in.
  public func open() { onLoop { $0.connect() } }

  /// Sends bytes for the command's input; `completion` is called once, when the kernel took them all (nil) or will not.
  public func send(_ bytes: [UInt8], completion: @escaping @Sendable ((any Error)?) -> Void) {
    onLoop { socket in
      let promise = socket.loop.makePromise(of: Void.self)
      promise.futureResult.whenComplete { result in
        switch result {
        case .success: completion(nil)
        case .failure(let error): completion(error)
        }
      }
      socket.write(.binary, ByteBuffer(bytes: bytes), promise)
    }
  }

  /// Sends a control message.
  public func send(_ control: ClientControl) {
    onLoop { $0.write(.text, ByteBuffer(string: control.text), nil) }
  }

  /// Wants no more calls: the socket is not read until ``resume()``.
  ///
  /// Called by the receiver within a call, it takes effect with that call.
  public func hold() { onLoop { $0.holdReading() } }

  /// Goes on after ``hold()``.
  public func resume() { onLoop { $0.resumeReading() } }

  /// Says Close and hangs up; the receiver hears nothing more.
  public func close() { onLoop { $0.leave() } }
}
