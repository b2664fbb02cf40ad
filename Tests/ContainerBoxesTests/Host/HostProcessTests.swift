import Glibc
import Testing

@testable import ContainerBoxes

@Suite struct HostProcessTests {
  @Test(arguments: [getpid(), 1, 0, -1, 99_999_999])
  func `a process number of another host is not used here`(number: Int32) {
    #expect(HostProcess(number, container: "cafe0123456789") == nil)
    #expect(HostProcess(number, container: "") == nil)
  }
}
