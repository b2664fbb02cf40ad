import ExecEngine
import ExecModel
import NIOCore

/// Makes something on an event loop and waits, on another thread, until it has begun.
enum SessionStart {
  /// - Throws: the ``BoxError`` that the session began with.
  static func wait<Session>(
    on loop: any EventLoop, _ make: @escaping @Sendable () -> (Session, EventLoopFuture<Void>)
  ) throws(BoxError) -> NIOLoopBound<Session> {
    guard !loop.inEventLoop else {
      throw BoxError(.box, "a container's command cannot be started from within a report of its engine's")
    }
    do {
      return try loop.flatSubmit {
        let (session, begun) = make()
        let bound = NIOLoopBound(session, eventLoop: loop)
        return begun.map { bound }
      }.wait()
    } catch let error as BoxError {
      throw error
    } catch {
      throw BoxError(.box, EngineAPIError.oneLine("\(error)"))
    }
  }
}
