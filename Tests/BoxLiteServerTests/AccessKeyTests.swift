import Testing

@testable import BoxLiteServer

@Suite struct AccessKeyTests {
  private let key = AccessKey("secret")

  @Test(arguments: ["Bearer secret", "bearer secret", "BEARER secret"])
  func `the right key is accepted`(header: String) { #expect(key.accepts(header)) }

  @Test(arguments: [
    nil, "", "secret", "Bearer", "Bearer ", "Bearer secre", "Bearer secrets", "Bearer secretsecret", "Bearer Secret",
    "Basic secret", "Bearer  secret",
  ])
  func `any other key is refused`(header: String?) { #expect(!key.accepts(header)) }
}
