import ExecModel
import JSON

extension JSONLine {
  /// Adds the box of a client as `client_box`; null for none.
  mutating func add(_ box: ClientBox?) {
    guard let box else { return addNull("client_box") }
    var object = JSONLine()
    object.add("id", box.id)
    object.add("name", box.name)
    object.add("image", box.image)
    object.add("labels", box.labels)
    add("client_box", object)
  }
}
