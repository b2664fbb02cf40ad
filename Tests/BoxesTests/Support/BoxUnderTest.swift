import Boxes
import ExecEngine
import Testing

/// A box that the conformance suite runs over.
struct BoxUnderTest: Sendable, CustomTestStringConvertible {
  let box: any Box

  var testDescription: String { box.name }

  static let all = [BoxUnderTest(box: LocalBox())]
}
