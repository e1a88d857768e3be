import Lifecycle
import SystemPackage
import TerminalUI

@testable import Console

/// What lies over any screen, other themes and glyphs, and screens that are too small.
enum EverywhereScenes {
    static let all: [Scene] = [
        Scene(name: "help", keys: ["?"]),
        Scene(name: "help-filtered", keys: ["4", "?"] + Scene.typing("follow")),
        Scene(name: "help-empty", keys: ["?"] + Scene.typing("zzz")),
        Scene(name: "palette", keys: [":"]),
        Scene(name: "palette-filtered", keys: [":"] + Scene.typing("cache")),
        Scene(name: "theme", keys: ["T"]),
        Scene(name: "mouse-released", keys: ["M"]),
        Scene(name: "ascii", settings: .with { $0.usesASCII = true }),
        Scene(name: "too-small", builds: [Fixtures.running()], keys: ["4", "b"]).sized(
            Size(width: 59, height: 15), Size(width: 120, height: 12), Size(width: 30, height: 5),
            Size(width: 8, height: 2)),
        Scene(name: "smallest", builds: [Fixtures.running()], keys: ["4", "b"]).sized(Size(width: 60, height: 16)),
        Scene(name: "smallest-help", keys: ["?"]).sized(Size(width: 60, height: 16)),
    ]
}
