import BuildpackAPI
import Diagnostics
import Testing

@testable import Lifecycle

@Suite("Orders")
struct OrderExpansionTests {
    private func expand(_ order: [[BuildpackReference]], composites: [String: [[BuildpackReference]]]) throws
        -> [String]
    {
        let components = ["A", "B", "C", "D", "A2", "B2", "C2", "D2"].map { StaticBuildpack($0) }
        let parents = composites.map { StaticBuildpack($0.key, order: $0.value) }
        let store = BuildpackStore(components + parents, order: order)
        return try OrderExpansion(store: store).groups(of: order).map { $0.map(\.id).joined(separator: ",") }
    }

    private func refs(_ ids: String...) -> [BuildpackReference] {
        ids.map { BuildpackReference(id: String($0.trimmingSuffix("?")), isOptional: $0.hasSuffix("?")) }
    }

    @Test("D5: composites are replaced depth first, left to right, an optional one left out last")
    func nested() throws {
        let groups = try expand(
            [refs("E")],
            composites: [
                "E": [refs("A", "F", "B")],
                "F": [refs("C"), refs("G?"), refs("D")],
                "G": [refs("A2", "B2"), refs("C2", "D2")],
            ])
        #expect(groups == ["A,C,B", "A,A2,B2,B", "A,C2,D2,B", "A,B", "A,D,B"])
    }

    @Test("D4: a buildpack that is already in the group is not taken twice")
    func repeats() throws {
        #expect(try expand([refs("A", "B", "A")], composites: [:]) == ["A,B"])
    }

    @Test("A composite that contains itself is an error that shows the circle")
    func circle() {
        #expect { try expand([refs("E")], composites: ["E": [refs("F")], "F": [refs("E")]]) } throws: { error in
            (error as? Failure)?.message == "a composite buildpack contains itself: E → F → E"
        }
    }

    @Test("A buildpack that is not there is an error that names those that are")
    func missing() {
        #expect { try expand([refs("nope")], composites: [:]) } throws: { error in
            (error as? Failure)?.message == "no buildpack nope"
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> Substring {
        hasSuffix(suffix) ? dropLast(suffix.count) : self[...]
    }
}
