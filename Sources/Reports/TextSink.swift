import Diagnostics
import SystemPackage
import Text

/// Where a report's text goes.
package struct TextSink: Sendable {
    private let send: @Sendable ([UInt8]) -> Void

    /// Creates a sink that hands whole lines of UTF-8 to `send`.
    package init(_ send: @escaping @Sendable ([UInt8]) -> Void) { self.send = send }

    /// A sink that writes to what may be a terminal: colours stay, and nothing else that a terminal obeys.
    ///
    /// A write that fails is dropped: a full disk or a reader that has gone must not end the build.
    package init(_ file: FileDescriptor) {
        self.init { bytes in _ = try? file.writeAll(TerminalText.harmless(bytes)) }
    }

    /// A sink that writes bytes as they are to a file that it creates, for its owner alone; one that is there is replaced.
    init(creating path: FilePath) throws(Failure) {
        let file: OpenFile
        do {
            file = OpenFile(
                try FileDescriptor.open(
                    path, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite))
        } catch {
            throw Failure(
                .unwritable, "cannot write \(path): \(error)", advice: "check the folder and its permissions")
        }
        self.init { bytes in _ = try? file.descriptor.writeAll(bytes) }
    }

    /// A sink that writes bytes as they are to the end of a file; `nil` if it cannot be opened.
    package init?(appendingTo path: FilePath) {
        guard
            let file = try? FileDescriptor.open(
                path, .writeOnly, options: [.create, .append, .closeOnExec], permissions: .ownerReadWrite)
        else { return nil }
        let open = OpenFile(file)
        self.init { bytes in _ = try? open.descriptor.writeAll(bytes) }
    }

    /// Writes bytes: whole lines, in UTF-8.
    package func write(_ bytes: [UInt8]) {
        if !bytes.isEmpty { send(bytes) }
    }

    package func write(_ text: String) { write(Array(text.utf8)) }
}

/// A file that is closed with the last one who holds it.
private final class OpenFile: Sendable {
    let descriptor: FileDescriptor

    init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

    deinit { try? descriptor.close() }
}
