extension Layout {
    /// The areas as boxes with their names and sizes, drawn in lines: what tests of layouts compare.
    package static func sketch(_ areas: [String: Rect], size: Size) -> String {
        var canvas = Canvas(size: size)
        for (name, rect) in areas.sorted(by: { $0.key < $1.key }) where !rect.isEmpty {
            let label = "\(name) \(rect.size)"
            if rect.width >= 2, rect.height >= 2 {
                canvas.box(rect, title: label)
            } else {
                canvas.write("[" + label + "]", at: rect.origin, in: rect)
            }
        }
        return canvas.text
    }
}
