import NIOSSL

/// A certificate for localhost and 127.0.0.1 that no system trusts, and its key: made for these tests only.
enum TestCertificate {
  static func server() throws -> NIOSSLContext {
    try NIOSSLContext(
      configuration: .makeServerConfiguration(
        certificateChain: [.certificate(try certificate())],
        privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem))))
  }

  /// What a client believes that knows the certificate.
  static func trusting() throws -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.trustRoots = .certificates([try certificate()])
    return configuration
  }

  private static func certificate() throws -> NIOSSLCertificate {
    try NIOSSLCertificate(bytes: Array(text.utf8), format: .pem)
  }

  private static let key = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg4YfBxQHpjZh4ocZ0
    UlQfSJkXmtNMADIQtrDpw5y34cihRANCAAQ4VUu0sUA1TKH+e+anqCH5WyrbxAeJ
    upwTj6ikBy3gxSojKtPkoHlmJptM3MQ/F0i4hH9x8EkklNEPY7/+Ho67
    -----END PRIVATE KEY-----
    """

  private static let text = """
    -----BEGIN CERTIFICATE-----
    MIIBZzCCAQ2gAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
    c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
    CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABDhVS7SxQDVMof57
    5qeoIflbKtvEB4m6nBOPqKQHLeDFKiMq0+SgeWYmm0zcxD8XSLiEf3HwSSSU0Q9j
    v/4ejrujTjBMMBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAPBgNVHRMBAf8E
    BTADAQH/MB0GA1UdDgQWBBTKC1l031OitAsiS8fbnh2LV8udszAKBggqhkjOPQQD
    AgNIADBFAiA0dXLaJJxuFwZHfvJiAwhtsDst11uz3+6/nbvWBj8IvgIhAIk8/b0w
    oxOOSe/YHMNGo2dgkzs835ehM3VkqA6I7ANh
    -----END CERTIFICATE-----
    """
}
