import SystemPackage

/// Where a report's text goes.
package struct TextSink: Sendable {
    private let send: @Sendable ([UInt8]) -> Void

    /// Creates a sink that hands whole lines of UTF-8 to `send`.
    package init(_ send: @escaping @Sendable ([UInt8]) -> Void) { self.send = send }

    /// A sink that writes to an open file.
    ///
    /// A write that fails is dropped: a full disk or a reader that has gone must not end the build.
    package init(_ file: FileDescriptor) {
        self.init { bytes in _ = try? file.writeAll(bytes) }
    }

    /// Writes bytes: whole lines, in UTF-8.
    package func write(_ bytes: [UInt8]) {
        if !bytes.isEmpty { send(bytes) }
    }

    /// Writes a text: whole lines.
    package func write(_ text: String) { write(Array(text.utf8)) }
}
