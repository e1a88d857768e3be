/// What other threads ask of the screen's thread.
enum ScreenCommand: Sendable {
    case redraw
    case stop
    case bell
    case clipboard(String)
    case suspend(CheckedContinuation<Void, Never>)
    case resume(CheckedContinuation<Void, Never>)
    case finish
}
