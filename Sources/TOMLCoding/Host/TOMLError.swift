import Diagnostics

/// The reader's error.
///
/// The reader is also part of the launcher, which has no `Diagnostics` and an error of its own.
package typealias TOMLError = Failure

extension Failure {
    /// A TOML file that cannot be read, or that does not say what it should.
    package init(fileName: String, position: TOMLPosition, message: String) {
        self.init(
            .malformed, message,
            at: position == .none ? Place(fileName) : Place(fileName, line: position.line, column: position.column))
    }
}
