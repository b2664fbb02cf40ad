public import BoxLiteWire
import NIOCore
import NIOPosix
import NIOWebSocket

/// The target of an attach connection.
public struct AttachTarget: Sendable {
  /// The box's identifier or name.
  public var box: String
  /// The execution's identifier.
  public var execution: String
  /// The query's other parameters.
  public var query: AttachQuery

  /// Creates a target.
  public init(box: String, execution: String, query: AttachQuery = AttachQuery()) {
    (self.box, self.execution, self.query) = (box, execution, query)
  }

  /// The request's target.
  var path: String { RESTClient.path(box: box, execution: execution, "/attach") + query.text }
}

/// The timeouts and intervals of an attach connection.
public struct AttachTimes: Hashable, Sendable {
  /// For connecting and for the answer to the upgrade, each.
  public var handshake = Duration.seconds(30)
  /// Between two of our pings.
  public var ping = Duration.seconds(15)
  /// Without any frame while the socket is read: the connection is dead.
  ///
  /// BoxLite's server pings every 15 s.
  public var silence = Duration.seconds(45)
  /// From our Close to the end of the connection.
  public var close = Duration.seconds(5)

  /// Creates the default times.
  public init() {}
}

/// Receives what an attach socket brings.
///
/// All calls come from the socket's event loop, in the order of the frames, and must not block.
public protocol AttachReceiver: AnyObject, Sendable {
  /// The server accepted the attach.
  func attached()

  /// Output arrived; never empty.
  func received(_ channel: OutputChannel, _ bytes: borrowing RawSpan)

  /// A message arrived.
  func received(_ message: ServerMessage)

  /// The connection ended, or could not be made; the last call.
  func ended(_ end: AttachEnd)
}

/// How an attach connection ended.
public enum AttachEnd: Error, Hashable, Sendable {
  /// The server refused it, or could not be reached.
  case refused(ClientError)
  /// The server sent Close, with this code if any (RFC 6455, section 7.4).
  case closed(code: UInt16?)
  /// It was cut, with the reason as far as it is known.
  case cut(String)

  /// One line for the user.
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
/// Every method may be called from any thread; it takes effect on the connection's event loop, in
/// the order of the calls. Nothing is retried: the owner of the connection reconnects.
public final class AttachSocket: Sendable {
  /// The state of the connection; used only on the event loop.
  struct State {
    enum Phase { case idle, connecting, open, closing, over }

    var phase = Phase.idle
    var receiver: (any AttachReceiver)?
    var channel: (any Channel)?
    /// Whether the receiver is on hold; the socket is not read then.
    var isHeld = false
    /// Frames read before the hold took effect, and the end after them.
    var waiting = CircularBuffer<WebSocketFrame>()
    var waitingEnd: AttachEnd?
    /// Whether a pong waits to be taken by the kernel, and the newest ping after it.
    var isPongUnderWay = false
    var ping: ByteBuffer?
    var lastHeard = NIODeadline.now()
    var timers: [RepeatedTask] = []
    /// The number of unknown frames: ignored, as BoxLite's clients do.
    var ignored = 0
  }

  /// The maximum size of a frame, channel byte included: the limit of BoxLite's clients.
  static let largestFrame = (16 << 20) + 1

  let client: RESTClient
  let target: AttachTarget
  let times: AttachTimes
  let loop: any EventLoop
  private let box: NIOLoopBoundBox<State>

  /// Creates a connection; nothing is sent yet.
  ///
  /// - Throws: ``ClientError`` when the process lacks the resources for a connection.
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

  /// Runs `body` now on the event loop, otherwise schedules it there.
  private func onLoop(_ body: @escaping @Sendable (AttachSocket) -> Void) {
    if loop.inEventLoop { body(self) } else { loop.execute { body(self) } }
  }

  /// Connects and requests the attach.
  public func open() { onLoop { $0.connect() } }

  /// Sends bytes to the command's input; `completion` is called once, with nil when the kernel took
  /// them all, or with an error.
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

  /// Stops the receiver's calls: the socket is not read until ``resume()``.
  ///
  /// When the receiver calls it within a call, it takes effect with that call.
  public func hold() { onLoop { $0.holdReading() } }

  /// Continues after ``hold()``.
  public func resume() { onLoop { $0.resumeReading() } }

  /// Sends Close and closes the connection; the receiver gets no further call.
  public func close() { onLoop { $0.leave() } }
}
