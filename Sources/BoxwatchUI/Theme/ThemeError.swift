/// What is wrong with a theme file, and where: file, line, column and role.
public struct ThemeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file's name, as it was given or looked up.
  public let file: String
  /// Line, from 1.
  public let line: Int
  /// Column, from 1.
  public let column: Int
  /// The role whose entry is wrong, when it is one role's.
  public let role: String?
  /// One sentence about what is wrong and what to write instead.
  public let message: String

  /// Makes an error.
  public init(file: String, line: Int, column: Int, role: String? = nil, message: String) {
    self.file = file
    self.line = line
    self.column = column
    self.role = role
    self.message = message
  }

  /// `FILE:LINE:COLUMN: role NAME: MESSAGE`, as compilers write it.
  public var description: String {
    "\(file):\(line):\(column): " + (role.map { "role \($0): " } ?? "") + message
  }
}
