public import BoxLiteWire
import NIOCore
import NIOPosix
import NIOWebSocket

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
