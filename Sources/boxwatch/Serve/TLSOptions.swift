import ArgumentParser
import BoxLiteServer
import Glibc

/// The files that `boxwatch serve` encrypts with.
struct TLSOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Encrypt: a PEM file with the certificate and those that lead to its authority; read again when it changes.",
      valueName: "file"))
  var cert: String?

  @Option(help: ArgumentHelp("The certificate's private key, a PEM file without a password.", valueName: "file"))
  var key: String?

  func validate() throws {
    if (cert == nil) != (key == nil) { throw ValidationError("--cert and --key go together: name both files") }
  }

  /// The files; nil for clear text.
  ///
  /// - Throws: ``Failure`` for a key that every user of the machine can read.
  func files() throws -> TLSFiles? {
    guard let cert, let key else { return nil }
    var status = stat()
    if stat(key, &status) == 0, status.st_mode & 0o004 != 0 {
      throw Failure("every user of this machine can read the private key '\(key)': chmod 600 makes it private")
    }
    return TLSFiles(certificate: cert, key: key)
  }
}
