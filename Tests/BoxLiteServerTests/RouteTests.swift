import Testing

@testable import BoxLiteServer

@Suite struct RouteTests {
  @Test(arguments: ["/v1", "/v1/default", "/default/default", "/v1/a/b/c"])
  func `every prefix leads to the same place`(prefix: String) {
    #expect(Route(path: "\(prefix)/boxes") == .boxes)
    #expect(Route(path: "\(prefix)/boxes/b") == .box("b"))
    #expect(Route(path: "\(prefix)/boxes/b/exec") == .exec("b"))
    #expect(Route(path: "\(prefix)/boxes/b/executions/e/attach") == .attach("b", "e"))
    #expect(Route(path: "\(prefix)/config") == .config)
  }

  @Test(arguments: [
    "", "/", "boxes", "/boxes", "/v1/box", "/v1/boxes/b/x", "/v1/boxes/b/executions/e/attach/x", "/v1/boxes/b/c/d",
    "/me",
  ])
  func `a path that names nothing is not found`(path: String) { #expect(Route(path: Substring(path)) == nil) }

  @Test func `path tricks in identifiers are unknown identifiers`() {
    #expect(Route(path: "/v1/boxes/%2e%2e") == .box("%2e%2e"))
    #expect(Route(path: "/v1/boxes/..") == .box(".."))
    #expect(Route(path: "/v1/boxes//exec") == .exec(""))
  }
}
