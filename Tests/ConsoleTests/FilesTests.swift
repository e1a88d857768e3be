import OCIImage
import TerminalUI
import TestSupport
import Testing

@testable import Console

@Suite struct FilesTests {
    static func state(_ layer: Int = 3, isMerged: Bool = false) -> FilesState {
        var state = FilesState()
        state.begin(.init(image: "shop", source: .image(index: layer), isMerged: isMerged))
        state.show(Trees.tree(layer, isMerged: isMerged))
        return state
    }

    static func names(_ state: FilesState) -> [String] {
        guard let tree = state.tree else { return [] }
        return state.rows.map {
            "\(tree[$0.node].change.mark) \(state.joinedNames[$0.node] ?? tree.name(of: $0.node))"
        }
    }

    @Test("folders are opened up to the first choice, and the largest comes first")
    func opens() {
        #expect(Self.names(Self.state(4)) == ["A cnb/lifecycle", "A launcher"])
        #expect(Self.names(Self.state(3)).first == "A layers/io.github.carlo-colombo.mix-release/release")
        #expect(Self.names(Self.state(3)).last == "M bin")
    }

    @Test("sorting by name, size and change")
    func sorts() {
        var state = Self.state(3)
        state.setAllExpanded(true)
        state.setSort(.name)
        let byName = Self.names(state).filter { $0.contains("env.sh") || $0.contains("sys.config") }
        state.setSort(.size)
        let bySize = Self.names(state).filter { $0.contains("env.sh") || $0.contains("sys.config") }
        #expect(byName == ["A env.sh", "A sys.config"])
        #expect(bySize == ["A sys.config", "A env.sh"])
    }

    @Test("a filter keeps the folders above what it finds and opens them; hiding a change leaves the rest")
    func filters() throws {
        var state = Self.state(3, isMerged: true)
        state.setFilter(try SearchPattern(#"\.config$"#))
        #expect(
            Self.names(state).map { $0.dropFirst(2) } == [
                "layers/io.github.carlo-colombo.mix-release/release/releases/0.2.0", "sys.config",
            ])
        #expect(state.filtered == (1, 2_400))
        state.setFilter(nil)
        state.setAllExpanded(true)
        state.toggleHidden(.unchanged)
        #expect(!Self.names(state).contains("  passwd"))
        #expect(Self.names(state).contains("D sh"))
        state.toggleHidden(.removed)
        #expect(!Self.names(state).contains("D sh"))
    }

    @Test("what was open stays open in the tree of another layer")
    func staysOpen() {
        var state = Self.state(3, isMerged: true)
        state.setAllExpanded(true)
        state.begin(.init(image: "shop", source: .image(index: 4), isMerged: true))
        #expect(state.rows.isEmpty)
        state.show(Trees.tree(4, isMerged: true))
        #expect(Self.names(state).contains { $0.hasSuffix("sys.config") })
    }

    @Test("a search goes to matches in closed folders, around the end, and opens the folders that they are in")
    func searches() throws {
        var state = Self.state(3, isMerged: true)
        func name() -> String? { state.tree.flatMap { tree in state.selected.map { tree.name(of: $0) } } }
        state.setSearch(try SearchPattern(#"\.(config|sh)$"#))
        let found = state.goToMatch(from: nil, forward: true)
        #expect(found?.0 == 1 && found?.1 == 2)
        #expect(name() == "sys.config")
        _ = state.goToMatch(from: state.selected, forward: true)
        #expect(name() == "env.sh")
        _ = state.goToMatch(from: state.selected, forward: true)
        #expect(name() == "sys.config")
        _ = state.goToMatch(from: state.selected, forward: false)
        #expect(name() == "env.sh")
        // With a slash the pattern is about paths.
        state.setSearch(try SearchPattern("plug/ebin/.*beam"))
        _ = state.goToMatch(from: nil, forward: true)
        #expect(name() == "Elixir.Plug.beam")
        state.setSearch(try SearchPattern("no such file"))
        #expect(state.goToMatch(from: nil, forward: true) == nil)
    }

    @Test("a folder that is joined with the one in it is found by its own name")
    func findsJoined() throws {
        var state = Self.state(3)
        state.setSearch(try SearchPattern("^layers$"))
        _ = state.goToMatch(from: nil, forward: true)
        #expect(state.selected.flatMap { state.tree?.path(of: $0) }?.hasSuffix("/release") == true)
    }

    @Test("permissions are written as ls writes them")
    func permissions() throws {
        let tree = Trees.tree(0, isMerged: true)
        let su = try #require(tree.node(at: "/usr/bin/su"))
        #expect(FileRows.permissions(of: tree[su]) == "-rwsr-xr-x 1000:1000")
    }

    @Test("filtering a hundred thousand files takes time in proportion to them", .timeLimit(.minutes(1)))
    func large() throws {
        let states = [10_000, 100_000].map { count in
            var state = FilesState()
            state.begin(.init(image: "big", source: .image(index: 0), isMerged: false))
            state.show(Trees.large(count))
            return (count, state)
        }
        let pattern = try SearchPattern("file-99.9")
        let times = try growth(from: 10_000) { count in
            var state = try #require(states.first { $0.0 == count }?.1)
            state.setFilter(pattern)
            #expect(state.rows.count > 10)
        }
        #expect(times < 40)
    }
}
