import Text

extension TextSink {
    /// The sink with each line headed by the moment at which it is written, in pack's form: `2026/11/27 09:03:20.000000 `.
    ///
    /// - Parameter moment: gives the local time.
    package func stamped(_ moment: @escaping @Sendable () -> LocalTime) -> TextSink {
        TextSink { bytes in
            let stamp = Array("\(moment()) ".utf8)
            var result: [UInt8] = []
            result.reserveCapacity(bytes.count * 2)
            for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast(
                bytes.last == 0x0A ? 1 : 0)
            {
                result += stamp
                result += line
                result.append(0x0A)
            }
            write(result)
        }
    }

    /// The sink without the colours that commands give their output.
    package func withoutColours() -> TextSink {
        TextSink { bytes in write(Self.withoutColours(bytes)) }
    }

    /// A text without anything that a terminal obeys.
    static func withoutColours(_ text: String) -> String {
        String(decoding: withoutColours(Array(text.utf8)), as: UTF8.self)
    }

    private static func withoutColours(_ bytes: [UInt8]) -> [UInt8] {
        let harmless = TerminalText.harmless(bytes)
        guard harmless.contains(0x1B) else { return harmless }
        return harmless.withUnsafeBytes { bytes in
            var result: [UInt8] = []
            var place = 0
            while place < bytes.count {
                guard let end = ControlSequence.end(in: bytes, at: place) else {
                    result.append(bytes[place])
                    place += 1
                    continue
                }
                place = end
            }
            return result
        }
    }
}
