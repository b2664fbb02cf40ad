import BoxLiteClient
import ContainerBoxes
import ExecEngine
import ExecModel

/// A command that somebody else started elsewhere, as a box that our engine starts nothing in but the watching of it.
protocol AttachableBox: Box {
  /// Asks what runs there: the execution to start in this box.
  func spec() throws(BoxError) -> ExecutionSpec
  /// The box it runs in, for the list.
  var boxName: String { get }
  /// Where it goes on when we leave.
  var place: String { get }
  /// Where it comes from, beside its box's name.
  var origin: String { get }
}

extension AttachableBox {
  var origin: String { name }
}

extension BoxLiteAttachment: AttachableBox {
  var boxName: String { target.box }
  var place: String { target.description }
}

extension ExecAttachment: AttachableBox {
  var boxName: String { name }
  var origin: String { "exec " + exec.prefix(6) }
}

extension ContainerAttachment: AttachableBox {
  var boxName: String { name }
  var place: String { name }
}
