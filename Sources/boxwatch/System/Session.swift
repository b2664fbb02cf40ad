import Boxes
import ExecEngine
import ExecModel
import Glibc
import Logging

/// What every command needs: the configuration, the engine and the boxes.
struct Session {
  let configuration: Configuration
  let engine: Engine
  let boxes: BoxCatalogue
  let screen: ScreenOptions

  /// Reads the configuration and prepares the process: SIGPIPE ignored, descriptors up to the hard limit.
  ///
  /// - Throws: ``Failure`` for a configuration that cannot be read.
  init(_ common: CommonOptions, _ screen: ScreenOptions) throws {
    signal(SIGPIPE, SIG_IGN)
    ProcessLimits.raise()
    configuration = try Configuration(option: common.config)
    boxes = BoxCatalogue(configuration)
    self.screen = screen
    var logger = Logger(label: "boxwatch") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = common.verbose ? .debug : .critical
    engine = Engine(stateDirectory: try Directories.state(), logger: logger)
  }

  /// Starts what was asked for.
  ///
  /// - Throws: ``Failure`` when the box is unknown or no journal can be made.
  func start(_ request: ExecutionRequest) throws -> ExecutionID {
    let box = try boxes.box(named: request.box)
    do throws(EngineError) {
      return try engine.start(request.spec, in: box)
    } catch {
      throw Failure(error.description)
    }
  }
}
