public import ExecEngine
import ExecModel
import Synchronization

/// The way to one engine, found and connected at the first use; boxes of one engine share it.
public final class EngineAccess: Sendable {
  /// The engine that is meant.
  public let kind: EngineKind
  private let find: @Sendable () throws(BoxError) -> EngineAddress
  private let made = Mutex<EngineClient?>(nil)

  /// The engine that the environment names.
  public convenience init(_ kind: EngineKind, search: EngineSearch = EngineSearch()) {
    self.init(kind) { () throws(BoxError) in try search.address(of: kind) }
  }

  /// The engine at an address.
  public convenience init(_ kind: EngineKind, at address: EngineAddress) {
    self.init(kind) { () throws(BoxError) in address }
  }

  private init(_ kind: EngineKind, _ find: @escaping @Sendable () throws(BoxError) -> EngineAddress) {
    self.kind = kind
    self.find = find
  }

  /// The client; an address that is not found is looked for again the next time.
  ///
  /// - Throws: ``BoxError`` that says where was looked.
  public func client() throws(BoxError) -> EngineClient {
    if let client = made.withLock({ $0 }) { return client }
    do {
      let client = try EngineClient(try find())
      return made.withLock { made in
        let first = made ?? client
        made = first
        return first
      }
    } catch let error as BoxError {
      throw error
    } catch {
      throw BoxError(.box, "\(error)")
    }
  }
}
