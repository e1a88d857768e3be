/// How much is done, as a bar and in percent: `━━━━━━────────  43%`.
public struct ProgressBar {
    private let fraction: Double

    /// A bar; `fraction` outside 0...1 counts as the nearer end.
    public init(fraction: Double) {
        self.fraction = fraction.isFinite ? max(0, min(1, fraction)) : 0
    }

    /// Draws the bar in the first row of `rect`; the percentage alone where there is no room for a bar.
    public func draw(in rect: Rect, on canvas: inout Canvas) {
        let percent = "\(Int(fraction * 100))%"
        let parts = rect.row(0).split(right: 5)
        canvas.write(percent, at: Point(x: parts.right.maxX - percent.columns, y: rect.y), in: rect, .number)
        let done = Int(Double(parts.rest.width) * fraction)
        let bars = parts.rest.split(left: done)
        canvas.write(String(repeating: "━", count: bars.left.width), at: bars.left.origin, .progressDone)
        canvas.write(String(repeating: "─", count: bars.rest.width), at: bars.rest.origin, .progressRest)
    }
}
