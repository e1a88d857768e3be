import TerminalUI

/// How many columns of panes a screen has room for.
enum LayoutKind: Sendable {
    /// Below 60x16: nothing but a notice.
    case tooSmall
    /// Below 100 columns: panes on top of each other.
    case stacked
    /// Two columns.
    case two
    /// From 160 columns: three columns.
    case three

    /// The smallest size that is drawn.
    static let minimum = Size(width: 60, height: 16)

    init(_ size: Size) {
        if size.width < Self.minimum.width || size.height < Self.minimum.height {
            self = .tooSmall
        } else if size.width < 100 {
            self = .stacked
        } else {
            self = size.width < 160 ? .two : .three
        }
    }
}
