import CNcurses
import TerminalUI

/// ncurses' pairs of text and background colour, made as they are needed.
struct ColorPairs {
    private struct Pair: Hashable {
        let foreground: Int32
        let background: Int32
    }

    private var pairs: [Pair: Int16] = [:]

    /// The pair for an appearance; where the terminal has no more of them, the terminal's own colours.
    mutating func pair(for appearance: Appearance) -> Int16 {
        let foreground = ColorPairs.color(appearance.foreground)
        let background = ColorPairs.color(appearance.background)
        guard foreground >= 0 || background >= 0 else { return 0 }
        let key = Pair(foreground: foreground, background: background)
        if let known = pairs[key] { return known }
        let next = pairs.count + 1
        guard next < min(Int(cncurses_pairs()), Int(Int16.max)) else { return 0 }
        init_extended_pair(Int32(next), foreground, background)
        pairs[key] = Int16(next)
        return Int16(next)
    }

    /// The attributes of an appearance.
    ///
    /// On 8 colours, bold stands in for bright ones.
    func attributes(of appearance: Appearance) -> attr_t {
        var result: attr_t = 0
        let wanted = appearance.attributes
        let isBright = cncurses_colors() < 16 && (8...15).contains(appearance.foreground ?? 0)
        if wanted.contains(.bold) || isBright { result |= cncurses_bold() }
        if wanted.contains(.dim) { result |= cncurses_dim() }
        if wanted.contains(.italic) { result |= cncurses_italic() }
        if wanted.contains(.underline) { result |= cncurses_underline() }
        if wanted.contains(.reverse) { result |= cncurses_reverse() }
        return result
    }

    /// The terminal's number for a colour, with bright colours as normal ones where there are but 8.
    private static func color(_ number: Int32?) -> Int32 {
        guard let number else { return -1 }
        return cncurses_colors() < 16 ? number % 8 : number
    }
}
