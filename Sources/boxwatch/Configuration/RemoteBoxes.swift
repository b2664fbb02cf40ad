import BoxLiteClient
import Console
import ExecModel
import Synchronization

/// The boxes on BoxLite servers: configured ones, and any that is named by address.
final class RemoteBoxes: Sendable {
  /// A box's address and key.
  struct Place: Sendable {
    let target: BoxLiteTarget
    let key: KeySource
  }

  /// The configured boxes, by name.
  let places: [String: Place]
  private let key: String?
  private let made = Mutex<[String: BoxLiteBox]>([:])

  init(_ places: [String: Place], key: String?) { (self.places, self.key) = (places, key) }

  /// The box of a name, created at the first use; nil for any other name.
  ///
  /// - Throws: ``/Console/Failure`` for an address that cannot be parsed, or a key that cannot be read.
  func box(named name: String) throws -> BoxLiteBox? {
    guard places[name] != nil || BoxLiteTarget.isMeant(by: name) else { return nil }
    if let box = made.withLock({ $0[name] }) { return box }
    let box = try make(name)
    made.withLock { $0[name] = box }
    return box
  }

  /// An execution to attach to, with the key of its box if that is configured, otherwise the key
  /// for all servers.
  ///
  /// - Throws: ``/Console/Failure`` for a key that cannot be read, `TextValueError` for a target without an
  ///   execution.
  func attachment(to target: BoxLiteTarget) throws -> BoxLiteAttachment {
    let place = places.values.first { $0.target.endpoint == target.endpoint && $0.target.box == target.box }
    guard let source = place?.key else {
      return try BoxLiteAttachment(target: target, key: key ?? KeySource.standard.key())
    }
    return try BoxLiteAttachment(target: target, key: source.key(), options: source.options)
  }

  private func make(_ name: String) throws -> BoxLiteBox {
    let target: BoxLiteTarget
    if let place = places[name] {
      return BoxLiteBox(target: place.target, key: try place.key.key(), name: name, options: place.key.options)
    }
    do throws(TextValueError) { target = try Self.address(name) } catch { throw Failure(error.description) }
    return BoxLiteBox(target: target, key: try key ?? KeySource.standard.key())
  }

  /// Parses the address of a box.
  ///
  /// - Throws: `TextValueError` for any other text, or the address of an execution.
  static func address(_ name: String) throws(TextValueError) -> BoxLiteTarget {
    let target = try BoxLiteTarget(text: name)
    guard target.execution == nil else {
      throw TextValueError(
        "'\(name)' names an execution; use boxwatch attach \(name), or leave it out to start another")
    }
    return target
  }
}
