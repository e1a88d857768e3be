extension Color {
    /// The number to show the colour by: a palette index, or 0xRRGGBB at depth `direct`; nil is the terminal's own.
    ///
    /// The user's 16 colours stay what they are, but for the bright ones at depth `direct`, whose terminals know only
    /// eight by number. Others are fitted to the nearest of the palette.
    func number(depth: ColorDepth) -> Int32? {
        switch (self, depth) {
        case (.ansi(let index), .direct) where index < 8: Int32(index)
        case (_, .direct): parts.map(\.number)
        default: index(depth: depth).map(Int32.init)
        }
    }

    private func index(depth: ColorDepth) -> UInt8? {
        switch (self, depth) {
        case (_, .mono), (.terminalDefault, _), (_, .direct): nil
        case (.ansi(let index), _): min(index, 15)
        case (.indexed(let index), .indexed): index
        case (.rgb(let red, let green, let blue), .indexed): Color.nearest256(RGB(red, green, blue))
        case (_, .sixteen): parts.map(Color.nearest16)
        }
    }

    /// The colour's parts, those of the 16 as xterm has them; nil for the terminal's own.
    var parts: RGB? {
        switch self {
        case .terminalDefault: nil
        case .ansi(let index), .indexed(let index): RGB(index: index)
        case .rgb(let red, let green, let blue): RGB(red, green, blue)
        }
    }

    private static func nearest256(_ color: RGB) -> UInt8 {
        var best: UInt8 = 16
        // The first 16 are the user's own and may look like anything.
        for index in UInt8(17)...255 where RGB(index: index).distance(to: color) < RGB(index: best).distance(to: color)
        {
            best = index
        }
        return best
    }

    private static func nearest16(_ color: RGB) -> UInt8 {
        var best: UInt8 = 8
        // Dark blue cannot be read on a black background: cyan and bright blue stand in for it.
        // Nor is a deep colour black.
        let isBlack = max(color.red, color.green, color.blue) < 64
        for index in UInt8(0)...15 where index != 4 && (index != 0 || isBlack) {
            if RGB(index: index).distance(to: color) < RGB(index: best).distance(to: color) { best = index }
        }
        return best
    }
}
