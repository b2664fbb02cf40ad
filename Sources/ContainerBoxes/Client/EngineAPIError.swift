import ExecModel
import NIOCore
import NIOPosix
import NIOSSL
import SystemPackage

/// Why a request to an engine failed, in one line for the user.
public struct EngineAPIError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure.
  public enum Kind: Hashable, Sendable {
    /// Nothing listens there, or access is denied.
    case unreachable
    /// The answer is not an engine's.
    case notAnEngine
    /// No answer in time.
    case timedOut
    /// The connection ended before the answer.
    case cut
    /// The engine refused, with this HTTP status.
    case refused(Int)
  }

  /// The kind.
  public let kind: Kind
  /// One line that says what is wrong, where, and what to do, with the engine's own message if
  /// there is one.
  public let description: String

  init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}

extension EngineAPIError {
  /// The error for a failed or broken connection.
  init(_ error: any Error, at address: EngineAddress) {
    switch error {
    case let error as EngineAPIError: self = error
    case let error as IOError: self = .system(Errno(rawValue: error.errnoCode), address)
    case let error as NIOConnectionError: self = .connection(error, address)
    case let error as ChannelError: self = .channel(error, address)
    case let error as NIOSSLError: self = .certificates("\(error)", address)
    default: self.init(.cut, "the connection to the engine at \(address) broke: \(Self.oneLine("\(error)"))")
    }
  }

  static func system(_ number: Errno, _ address: EngineAddress) -> EngineAPIError {
    switch number {
    case .noSuchFileOrDirectory:
      EngineAPIError(
        .unreachable,
        "there is no engine at \(address): the socket does not exist; start the engine, or name another address")
    case .connectionRefused:
      EngineAPIError(.unreachable, "no engine listens at \(address): connection refused; start it")
    case .permissionDenied:
      EngineAPIError(
        .unreachable, "this user cannot use the engine at \(address): permission denied; join the socket's group")
    case .connectionReset, .brokenPipe:
      EngineAPIError(.cut, "the engine at \(address) closed the connection")
    default: EngineAPIError(.unreachable, "the engine at \(address) cannot be reached: \(number)")
    }
  }

  private static func certificates(_ text: String, _ address: EngineAddress) -> EngineAPIError {
    let reason =
      text.contains("CERTIFICATE_VERIFY_FAILED")
      ? "its certificate is not signed by ca.pem" : oneLine(String(text.prefix(200)))
    return EngineAPIError(
      .unreachable, "TLS handshake with the engine at \(address) failed: \(reason); check DOCKER_CERT_PATH")
  }

  private static func connection(_ error: NIOConnectionError, _ address: EngineAddress) -> EngineAPIError {
    if let first = error.connectionErrors.first { return EngineAPIError(first.error, at: address) }
    return EngineAPIError(.unreachable, "the engine at \(address) cannot be reached: its host name is unknown")
  }

  private static func channel(_ error: ChannelError, _ address: EngineAddress) -> EngineAPIError {
    switch error {
    case .connectTimeout: EngineAPIError(.timedOut, "the engine at \(address) did not accept the connection in time")
    default: EngineAPIError(.cut, "the engine at \(address) closed the connection")
    }
  }

  /// The error for a refusal, with the engine's message.
  static func refusal(_ reply: EngineReply, _ address: EngineAddress) -> EngineAPIError {
    guard let message = reply.message else {
      return EngineAPIError(
        .notAnEngine, "the server at \(address) is not a container engine: it answered HTTP \(reply.status)")
    }
    return EngineAPIError(.refused(reply.status), oneLine(message))
  }

  /// The text on one line, without terminal control characters.
  static func oneLine(_ text: String) -> String {
    let words = text.split { $0.isNewline || $0 == "\t" }.map { $0.trimmingSpaces }.joined(separator: " ")
    return String(
      String.UnicodeScalarView(
        words.unicodeScalars.prefix(600).map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
  }
}

extension Substring {
  /// The text without surrounding spaces.
  fileprivate var trimmingSpaces: Substring {
    var rest = self
    while rest.first == " " { rest.removeFirst() }
    while rest.last == " " { rest.removeLast() }
    return rest
  }
}

extension EngineAPIError {
  /// Whether the engine itself refused.
  var isRefusal: Bool {
    switch kind {
    case .refused: true
    case .unreachable, .notAnEngine, .timedOut, .cut: false
    }
  }
}
