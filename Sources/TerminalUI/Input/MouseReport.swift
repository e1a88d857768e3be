/// What terminals send for the mouse.
enum MouseReport {
    /// `ESC [ < button ; column ; row M` (or `m` for a release); columns and rows from 1.
    static func event(numbers: [Int], isRelease: Bool) -> InputEvent? {
        guard numbers.count == 3, numbers[1] >= 1, numbers[2] >= 1, numbers[1] < 10_000, numbers[2] < 10_000 else {
            return nil
        }
        return event(code: numbers[0], isRelease: isRelease, at: Point(x: numbers[1] - 1, y: numbers[2] - 1))
    }

    /// `ESC [ M button column row`, a byte each with 32 added: what old terminals send up to column 223.
    static func old(_ bytes: ArraySlice<UInt8>, isFinal: Bool) -> InputDecoder.Step {
        let body = Array(bytes.dropFirst(3).prefix(3))
        guard body.count == 3 else { return isFinal ? .dropped(length: bytes.count) : .more }
        guard body[0] >= 32, body[1] > 32, body[2] > 32 else { return .dropped(length: 6) }
        let code = Int(body[0]) - 32
        let point = Point(x: Int(body[1]) - 33, y: Int(body[2]) - 33)
        return event(code: code, isRelease: code & 3 == 3 && code & 64 == 0, at: point)
            .map { .event($0, length: 6) } ?? .dropped(length: 6)
    }

    private static func event(code: Int, isRelease: Bool, at point: Point) -> InputEvent? {
        var modifiers: KeyModifiers = []
        if code & 4 != 0 { modifiers.insert(.shift) }
        if code & 8 != 0 { modifiers.insert(.alt) }
        if code & 16 != 0 { modifiers.insert(.control) }
        guard let kind = kind(code: code, isRelease: isRelease) else { return nil }
        return .mouse(MouseEvent(kind, at: point, modifiers: modifiers))
    }

    private static func kind(code: Int, isRelease: Bool) -> MouseEvent.Kind? {
        if code & 64 != 0 {
            let wheels: [MouseEvent.Kind] = [.wheelUp, .wheelDown, .wheelLeft, .wheelRight]
            return isRelease ? nil : wheels[code & 3]
        }
        if code & ~127 != 0 { return nil }
        let buttons: [MouseEvent.Button] = [.left, .middle, .right]
        guard code & 3 < 3 else { return isRelease && code & 32 == 0 ? .release(.left) : nil }
        let button = buttons[code & 3]
        if isRelease { return .release(button) }
        return code & 32 != 0 ? .drag(button) : .press(button)
    }
}
