import BuildpackAPI
import Digests
import FoundationEssentials
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("What counts as a change since the last build")
struct BuildKeyTests {
    typealias Change = @Sendable (inout BuildRequest) throws -> Void

    private static let token = PlatformVariable(name: "MY_TOKEN", value: "hush-hush-hush")
    private static let other = PlatformVariable(name: "MY_TOKEN", value: "other-other")

    /// Every field of a request, a change of it, and whether the change alone gives the request another hash.
    static let table: [(field: String, counts: Bool, change: Change)] = [
        ("image", true, { $0.image = try Reference("shop/other:1") }),
        ("project", false, { $0.project = "/other" }),
        ("release", true, { $0.release = "other_rel" }),
        ("distribution", true, { $0.distribution = "none" }),
        ("debug", false, { $0.debug = "1" }),
        ("variables", true, { $0.variables = [PlatformVariable(name: "A", value: "2")] }),
        ("fetchSecrets", false, { $0.fetchSecrets = [other] }),
        ("secretBuildpacks", true, { $0.secretBuildpacks = ["a"] }),
        ("withheldSecrets", true, { $0.withheldSecrets = [other] }),
        ("machineSecrets", false, { $0.machineSecrets = [other] }),
        ("builder", false, { $0.builder = .layout("/other", tag: nil) }),
        ("refusesBuilder", false, { $0.refusesBuilder = true }),
        ("runImage", false, { $0.runImage = .layout("/other", tag: nil) }),
        ("platforms", true, { $0.platforms = [Platform(architecture: "other")] }),
        ("toolchainImage", false, { $0.toolchainImage = .layout("/other", tag: nil) }),
        ("previousImage", false, { $0.previousImage = .store(try Reference("other")) }),
        ("cacheImage", false, { $0.cacheImage = .registry(try Reference("r.example/cache")) }),
        ("runPrograms", false, { $0.runPrograms = ["jq"] }),
        ("healthCheck", true, { $0.healthCheck = try HealthCheck("http://:4000/health") }),
        ("publishedRunImages", true, { $0.publishedRunImages = [try Reference("r.example/run")] }),
        ("labels", true, { $0.labels = [try ImageNote("a=b")] }),
        ("annotations", true, { $0.annotations = [try ImageNote("a=b")] }),
        ("creationTime", true, { $0.creationTime = .seconds(1) }),
        ("tags", false, { $0.tags = [try Reference("other")] }),
        ("tagTemplates", false, { $0.tagTemplates = [try NameTemplate(":{date}")] }),
        ("outputs", false, { $0.outputs = [.layout("/other", tag: nil)] }),
        ("usesEngine", false, { $0.usesEngine = false }),
        ("attests", false, { $0.attests = true }),
        ("clearsCache", false, { $0.clearsCache = true }),
        ("forbidsSecrets", true, { $0.forbidsSecrets = true }),
        ("allowedSecrets", true, { $0.allowedSecrets = ["A"] }),
        ("startTrial", false, { $0.startTrial = .required }),
        ("selection", false, { $0.selection.excluded = ["x"] }),
        ("buildpacks", false, { $0.buildpacks = [.builder] }),
        ("firstBuildpacks", false, { $0.firstBuildpacks = [.builder] }),
        ("lastBuildpacks", false, { $0.lastBuildpacks = [.builder] }),
        ("volumes", false, { $0.volumes = [try #require(Volume("/a:/b", relativeTo: "/"))] }),
        ("defaultProcess", true, { $0.defaultProcess = "worker" }),
        ("forbidsNetwork", false, { $0.forbidsNetwork = true }),
        ("executionEnvironment", true, { $0.executionEnvironment = "test" }),
        ("sourceMetadata", true, { $0.sourceMetadata = "{}" }),
    ]

    private static func request() throws -> BuildRequest {
        var request = BuildRequest(image: try Reference("shop/app:1"), project: "/x")
        request.variables = [PlatformVariable(name: "A", value: "1"), token]
        request.withheldSecrets = [token]
        return request
    }

    /// The requests' hashes under a key of their own.
    private static func hashes(_ requests: BuildRequest...) throws -> [String] {
        try withTemporaryFolder { folder in
            let keyed = try KeyedHash(keyFile: folder.appending("key"))
            return try requests.map { try $0.hash(keyed) }
        }
    }

    private static func isSame(_ one: BuildRequest, _ other: BuildRequest) throws -> Bool {
        Set(try hashes(one, other)).count == 1
    }

    @Test("The table names every field; those that count are encoded in the same order in every run")
    func complete() throws {
        let fields = Mirror(reflecting: try Self.request()).children
        #expect(fields.compactMap(\.label).map { String($0.trimmingPrefix("_")) } == Self.table.map(\.field))
        #expect(!fields.contains { Mirror(reflecting: $0.value).displayStyle == .set })
    }

    @Test("Where Erlang's files for another platform come from counts if there is one")
    func toolchainImage() throws {
        var one = try Self.request()
        one.platforms = [Platform(architecture: "other")]
        var other = one
        other.toolchainImage = .layout("/other", tag: nil)
        #expect(try !Self.isSame(one, other))
    }

    @Test("A field counts, or does not", arguments: table.indices)
    func field(index: Int) throws {
        let row = Self.table[index]
        let before = try Self.request()
        var after = before
        try row.change(&after)
        #expect(after != before, "\(row.field)")
        #expect(try Self.isSame(before, after) != row.counts, "\(row.field)")
    }

    @Test(
        "The repository counts, the registry and the tag do not",
        arguments: [("localhost:5000/shop/app:2", true), ("shop/app", true), ("shop/app2:1", false)])
    func name(image: String, isSame: Bool) throws {
        var request = try Self.request()
        request.image = try Reference(image)
        #expect(try Self.isSame(request, Self.request()) == isSame)
    }

    @Test("Neither the order of variables counts nor that of secrets; of two of a name the last counts")
    func order() throws {
        let before = try Self.request()
        var request = before
        request.variables.reverse()
        #expect(try Self.isSame(request, before))
        request.withheldSecrets.append(PlatformVariable(name: "B", value: "1"))
        var reversed = request
        reversed.withheldSecrets.reverse()
        #expect(try Self.isSame(request, reversed))
        request = before
        request.variables.insert(PlatformVariable(name: "A", value: "2"), at: 0)
        #expect(try Self.isSame(request, before))
        request.variables.reverse()
        #expect(try !Self.isSame(request, before))
    }

    @Test("A secret that is given to the build is not the same as one that is withheld, or as a plain variable")
    func kinds() throws {
        var given = try Self.request()
        given.withheldSecrets = []
        var withheld = try Self.request()
        withheld.variables = []
        var plain = given
        plain.variables[1].isSecret = false
        #expect(Set(try Self.hashes(given, withheld, plain)).count == 3)
    }

    @Test("A secret's value is in no encoded request, and its hash is another one in every cache")
    func secrets() throws {
        let request = try Self.request()
        let encoded = String(decoding: try JSONEncoder().encode(request), as: UTF8.self)
        #expect(!encoded.contains("hush") && !encoded.contains("MY_TOKEN"))
        let (one, other) = (try Self.hashes(request), try Self.hashes(request))
        #expect(one.first?.utf8.count == 64)
        #expect(one != other)
    }

    @Test("A file that is left out, the run image's name and the buildpacks' order count for a build")
    func wholeBuild() async throws {
        try await withTemporaryFolder { folder in
            var bench = try TestBench(folder)
            let (a, b) = (StaticBuildpack("a"), StaticBuildpack("b"))
            func isUnchanged(order: [String] = ["a", "b"], _ change: Change = { _ in }) async throws -> Bool? {
                let order = [order.map { BuildpackReference(id: $0) }]
                return try await bench.build([a, b], order: order) { try? change(&$0) }.report?.isUnchanged
            }
            #expect(try await isUnchanged() == false)
            #expect(try await isUnchanged { $0.debug = "1" } == true)
            #expect(try await isUnchanged { $0.selection.excluded = ["mix.exs"] } == false)
            #expect(try await isUnchanged() == false)
            #expect(try await isUnchanged(order: ["b", "a"]) == false)
            bench.runImageName = "other"
            #expect(try await isUnchanged(order: ["b", "a"]) == false)
            #expect(try await isUnchanged(order: ["b", "a"]) == true)
            #expect(try await isUnchanged(order: ["b", "a"]) { $0.withheldSecrets = [Self.token] } == false)
        }
    }
}
