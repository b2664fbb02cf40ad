import ExecModel
import Testing

@testable import BoxLiteClient

@Suite struct BoxLiteTargetTests {
  @Test(
    arguments: [
      ("boxlite://far/web", Endpoint.network(host: "far", port: 8100, tls: false), "web", nil),
      ("boxlite://127.0.0.1:99/web/e-1/", .network(host: "127.0.0.1", port: 99, tls: false), "web", "e-1"),
      ("boxlites://far.example/w_1/E.2", .network(host: "far.example", port: 443, tls: true), "w_1", "E.2"),
      ("boxlite://[::1]:7/b", .network(host: "::1", port: 7, tls: false), "b", nil),
      ("boxlite://[fe80::1]/b", .network(host: "fe80::1", port: 8100, tls: false), "b", nil),
      ("boxlite+unix:/run/u:/x.sock:/all/e", .unix(path: "/run/u:/x.sock"), "all", "e"),
    ] as [(String, Endpoint, String, String?)])
  func `an address is read, and written as it can be read again`(
    text: String, endpoint: Endpoint, box: String, execution: String?
  ) throws {
    let target = try BoxLiteTarget(text: text)
    #expect(target == BoxLiteTarget(endpoint: endpoint, box: box, execution: execution))
    #expect(try BoxLiteTarget(text: target.description) == target)
  }

  @Test(
    arguments: [
      ("boxlite://far", Endpoint.network(host: "far", port: 8100, tls: false)),
      ("boxlite://far:9/", .network(host: "far", port: 9, tls: false)),
      ("boxlites://[::1]", .network(host: "::1", port: 443, tls: true)),
      ("boxlite+unix:/run/x.sock", .unix(path: "/run/x.sock")),
    ] as [(String, Endpoint)])
  func `the address of a server has no box`(text: String, endpoint: Endpoint) throws {
    #expect(try BoxLiteTarget.server(text: text) == endpoint)
  }

  @Test(arguments: [
    ("http://far", "not the address of a BoxLite server"), ("boxlite://far:9/b", "use boxlite://far:9"),
    ("boxlite://far/b/e", "names more than a server"), ("boxlite://", "not a host"), ("boxlite://k@far", "KEY"),
  ])
  func `an invalid server address is refused with the reason`(text: String, word: String) {
    let error = #expect(throws: TextValueError.self) { try BoxLiteTarget.server(text: text) }
    #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: [
    ("http://far/web", "not a BoxLite address"), ("boxlite://far", "no box"), ("boxlite://far/", "no box"),
    ("boxlite:///web", "not a host"), ("boxlite://far:0/web", "port"), ("boxlite://far:/web", "port"),
    ("boxlite://far:65536/web", "port"), ("boxlite://far/a/b/c", "too much"), ("boxlite://far/a//b", "too much"),
    ("boxlite://far/..", "'..'"), ("boxlite://far/a?b", "a?b"), ("boxlite://far/é", "é"),
    ("boxlite://k@far/web", "BOXLITE_API_KEY"), ("boxlite+unix:/x.sock", "boxlite+unix:PATH:/BOX"),
    ("boxlite+unix::/b", "1 to 107"), ("boxlite://fa r/web", "not a host"),
  ])
  func `an invalid address is refused with the reason`(text: String, word: String) {
    let error = #expect(throws: TextValueError.self) { try BoxLiteTarget(text: text) }
    #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
  }
}
