/// Why no control group was made, in one clause.
struct CgroupRefusal: Error, Hashable {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}
