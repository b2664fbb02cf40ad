import BoxLiteWire
import ExecModel
import JSON

extension ClientBox {
  /// Most bytes of its labels, and of its image's name: every execution's record has them.
  private static let room = 4096

  /// A box as its client knows it; labels that there is no room for are left out, the last names first.
  init(_ reply: BoxReply) {
    var room = Self.room
    let labels = reply.labels.sorted { $0.key < $1.key }.prefix { label in
      room -= label.key.utf8.count &+ label.value.utf8.count
      return room >= 0
    }
    self.init(
      id: reply.id, name: reply.name, image: String(reply.image.prefix(Self.room)),
      labels: Dictionary(uniqueKeysWithValues: labels.map { ($0.key, $0.value) }))
  }

  /// For the user who runs us.
  var json: JSONValue {
    let name = name.map { [JSONMember("name", .string($0))] } ?? []
    let labels = labels.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string($0.value)) }
    return .object(
      [JSONMember("id", .string(id))] + name + [
        JSONMember("image", .string(image)), JSONMember("labels", .object(labels)),
      ])
  }
}
