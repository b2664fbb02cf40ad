import NIOHTTP1
import Synchronization

/// Decides about one connection's upgrade, before it.
final class FakeGate: Sendable {
  struct Ticket: Sendable {
    let execution: String
    let fault: Fault
  }

  private let server: FakeServer
  private let ticket = Mutex<Ticket?>(nil)
  private let refusal = Mutex<Int?>(nil)

  init(_ server: FakeServer) { self.server = server }

  func opens(_ head: HTTPRequestHead) -> Bool {
    let parts = head.uri.split(separator: "?", maxSplits: 1)
    let path = (parts.first ?? "").split(separator: "/")
    guard path.count == 6, path[3] == "executions", path[5] == "attach" else { return false }
    let id = String(path[4])
    let outcome = claim(id, parts.count == 2 ? String(parts[1]) : "", head)
    ticket.withLock { $0 = outcome.ticket }
    refusal.withLock { $0 = outcome.refusal }
    return outcome.ticket != nil
  }

  private func claim(_ id: String, _ query: String, _ head: HTTPRequestHead) -> (ticket: Ticket?, refusal: Int?) {
    server.state.value.withLock { state in
      state.attaches += 1
      state.isCut = false
      state.heads.append(head)
      guard var execution = state.executions[id] else { return (nil, 404) }
      execution.queries.append(query)
      defer { state.executions[id] = execution }
      let fault = state.faults.isEmpty ? state.chance?() ?? .none : state.faults.removeFirst()
      if case .refuse(let status) = fault { return (nil, status) }
      guard !execution.isTaken else { return (nil, 409) }
      execution.isTaken = true
      return (Ticket(execution: id, fault: fault), nil)
    }
  }

  func take() -> Ticket? { ticket.withLock { $0.take() } }

  func takeRefusal() -> Int? { refusal.withLock { $0.take() } }
}
