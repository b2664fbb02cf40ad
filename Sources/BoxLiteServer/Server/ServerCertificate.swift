import Glibc
import NIOCore
import NIOSSL
import Synchronization

/// The files of a TLS server, both PEM.
public struct TLSFiles: Hashable, Sendable {
  /// The certificate, followed by its chain.
  public var certificate: String
  /// The certificate's private key.
  public var key: String

  /// Creates a value from two paths.
  public init(certificate: String, key: String) { (self.certificate, self.key) = (certificate, key) }
}

/// The certificate presented to new connections: reloaded when its files change, while open
/// connections continue.
final class ServerCertificate: Sendable {
  /// The properties that identify a version of a file.
  private struct Look: Hashable {
    var device: UInt64 = 0
    var inode: UInt64 = 0
    var size: Int64 = 0
    var seconds: Int64 = 0
    var nanoseconds: Int64 = 0

    init(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return }
      (device, inode, size) = (UInt64(status.st_dev), UInt64(status.st_ino), Int64(status.st_size))
      (seconds, nanoseconds) = (Int64(status.st_mtim.tv_sec), Int64(status.st_mtim.tv_nsec))
    }
  }

  private struct State {
    var context: NIOSSLContext
    /// The files' versions at the last load, successful or not, and at the last check.
    var read: [Look]
    var seen: [Look]
  }

  private let files: TLSFiles
  private let state: Mutex<State>

  /// Reads the files.
  ///
  /// - Throws: ``ServerError`` that names the file.
  init(_ files: TLSFiles) throws(ServerError) {
    self.files = files
    let looks = Self.looks(files)
    state = Mutex(State(context: try Self.read(files), read: looks, seen: looks))
  }

  /// The TLS handler of a new connection.
  func handler() -> NIOSSLServerHandler { NIOSSLServerHandler(context: state.withLock { $0.context }) }

  /// Reloads the files when they have changed and stayed unchanged since the last check: a key may
  /// be written after its certificate.
  ///
  /// Returns a message about it; nil when nothing changed.
  func refresh() -> String? {
    let looks = Self.looks(files)
    let isDue = state.withLock { state in
      defer { state.seen = looks }
      guard looks != state.read, looks == state.seen else { return false }
      state.read = looks
      return true
    }
    guard isDue else { return nil }
    do throws(ServerError) {
      let context = try Self.read(files)
      state.withLock { $0.context = context }
      return "the certificate of \(files.certificate) was reloaded: new connections use it"
    } catch {
      return "the previous certificate is kept: \(error)"
    }
  }

  private static func looks(_ files: TLSFiles) -> [Look] { [Look(files.certificate), Look(files.key)] }

  private static func read(_ files: TLSFiles) throws(ServerError) -> NIOSSLContext {
    for path in [files.certificate, files.key] where access(path, R_OK) != 0 {
      throw ServerError("cannot read \(path): \(String(cString: strerror(errno)))")
    }
    guard let chain = try? NIOSSLCertificate.fromPEMFile(files.certificate), !chain.isEmpty else {
      throw ServerError("\(files.certificate) contains no PEM certificate")
    }
    guard let key = try? NIOSSLPrivateKey(file: files.key, format: .pem) else {
      throw ServerError("\(files.key) contains no PEM private key, or one with a password")
    }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = ["http/1.1"]
    configuration.shutdownTimeout = .seconds(2)
    do { return try NIOSSLContext(configuration: configuration) } catch {
      throw ServerError("the private key in \(files.key) does not match the certificate in \(files.certificate)")
    }
  }
}

/// Sits between the socket and TLS, and closes the connection at once, without TLS's closing
/// handshake.
final class Hatch: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  /// Closes a connection, even during its handshake.
  static func close(_ channel: any Channel) {
    channel.eventLoop.execute {
      guard let context = try? channel.pipeline.syncOperations.context(handlerType: Hatch.self) else {
        return channel.close(promise: nil)
      }
      context.close(promise: nil)
    }
  }
}
