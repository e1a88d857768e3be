/// A colour as a theme or a child's output names it, before it is fitted to what the terminal shows.
package enum Color: Hashable, Sendable {
    /// What the user has set as the terminal's own text or background colour.
    case terminalDefault
    /// One of the 16 colours that the user's palette defines: 0...7 normal, 8...15 bright.
    case ansi(UInt8)
    /// One of the 256: 16...231 a 6x6x6 cube, 232...255 greys.
    case indexed(UInt8)
    /// A colour by its parts.
    case rgb(red: UInt8, green: UInt8, blue: UInt8)
}
