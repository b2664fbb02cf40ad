import ExecModel
import Testing

@testable import HostBoxes

@Suite
struct EnvironmentBlockTests {
  private static func variables(_ pairs: [(String, String)]) -> [EnvironmentVariable] {
    pairs.map { EnvironmentVariable(name: $0.0, value: $0.1) }
  }

  private static func strings(_ block: EnvironmentBlock) -> [String] {
    block.strings.withPointers { pointers in
      var result: [String] = []
      var next = pointers
      while let entry = next, let string = entry.pointee {
        result.append(String(cString: string))
        next = entry + 1
      }
      return result
    }
  }

  @Test
  func `variables replace those of the same name and come last`() {
    let base = EnvironmentBlock().setting(Self.variables([("A", "1"), ("B", "2"), ("C", "3")]))
    let block = base.setting(Self.variables([("B", "new"), ("D", "")]))
    #expect(Self.strings(block) == ["A=1", "C=3", "B=new", "D="])
    #expect(block["B"] == "new" && block["D"] == "" && block["E"] == nil)
  }

  @Test
  func `of one name set twice the last value counts`() {
    let block = EnvironmentBlock().setting(Self.variables([("A", "1"), ("A", "2")]))
    #expect(Self.strings(block) == ["A=2"])
  }

  @Test
  func `a name that begins like another is another`() {
    let block = EnvironmentBlock().setting(Self.variables([("PATHS", "x")]))
    #expect(block["PATH"] == nil)
  }

  @Test
  func `this process's environment is taken over byte for byte`() {
    #expect(EnvironmentBlock.inherited()["PATH"]?.isEmpty == false)
    var list = CStringList()
    let bytes: [CChar] = [65, 61, -1, -61, 0]
    bytes.withUnsafeBufferPointer { if let base = $0.baseAddress { list.append(base) } }
    #expect(Array(list[0]) == [65, 61, -1, -61])
  }
}
