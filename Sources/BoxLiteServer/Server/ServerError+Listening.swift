import Glibc
import NIOCore
import NIOPosix

extension ServerError {
  /// Why an address could not be listened at, and what to do.
  init(listeningAt address: ListenAddress, _ error: any Error) {
    self.init("cannot listen at \(address): \(Self.reason(error))")
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case let error as ServerError: error.description
    case let error as IOError where error.errnoCode == EADDRINUSE: "somebody else does; choose another port"
    case SocketAddressError.unixDomainSocketPathTooLong: "the path is too long; 107 bytes are the most (unix(7))"
    case let error as IOError: String(cString: strerror(error.errnoCode))
    case SocketAddressError.unknown(let host, _): "there is no host '\(host)'"
    default: "\(error)"
    }
  }
}
