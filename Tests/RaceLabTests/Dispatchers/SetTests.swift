import RaceLab
import Testing

@Suite struct SetTests {
  @Test func `waiters outside the capacity are never members`() {
    var waiters = WaiterSet()
    for waiter in [63, 0, 5, -1, 64, .min, .max] { waiters.insert(waiter) }
    #expect(waiters.count == 3)
    #expect(!waiters.contains(64) && !waiters.contains(-1))
    var order: [Int] = []
    while let waiter = waiters.popFirst() { order.append(waiter) }
    #expect(order == [0, 5, 63])
  }

  @Test func `promises are listed by their numbers`() {
    #expect(PromiseSet([.late, .order]).names == "P1 P3")
    #expect(PromiseSet().names == "none")
    #expect(PromiseSet.all.promises == Promise.allCases)
  }
}
