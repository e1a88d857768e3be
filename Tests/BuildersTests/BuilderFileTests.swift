import Builders
import BuildpackAPI
import Diagnostics
import Testing

/// builder.toml: pack's keys, and pack's rules on what does not fit together.
struct BuilderFileTests {
    private static let images = "[build]\nimage = \"b\"\n[[run.images]]\nimage = \"r\"\n"

    @Test func readsEveryKey() throws {
        let file = try BuilderFile(
            """
            description = "ours"
            [[buildpacks]]
            uri = "../one"
            id = "test/one"
            version = "1.0.0"
            [[buildpacks]]
            image = "host/package:1"
            [[extensions]]
            uri = "ext"
            [[order]]
            [[order.group]]
            id = "test/one"
            version = "1.0.0"
            [[order.group]]
            id = "test/two"
            optional = true
            [[order-extensions]]
            [[order-extensions.group]]
            id = "test/ext"
            [system.pre]
            buildpacks = [{ id = "test/sys", version = "1", optional = true }]
            [build]
            image = "build:1"
            [[build.env]]
            name = "A"
            value = "x"
            [[build.env]]
            name = "PATH"
            value = "/opt"
            suffix = "prepend"
            delim = ":"
            [[run.images]]
            image = "run:1"
            mirrors = ["m/run:1"]
            [stack]
            id = "stack"
            build-image = "build:1"
            run-image = "run:1"
            [lifecycle]
            version = "0.20.5"
            [[targets]]
            os = "linux"
            arch = "amd64"
            [[targets.distros]]
            name = "debian"
            version = "12"
            """, fileName: "builder.toml")
        #expect(file.description == "ours" && file.buildImage == "build:1" && file.stackID == "stack")
        #expect(file.buildpacks.map(\.uri) == ["../one", "docker://host/package:1"])
        #expect(file.buildpacks.first?.version == "1.0.0" && file.extensions.map(\.uri) == ["ext"])
        let first = BuildpackReference(id: "test/one", version: "1.0.0")
        #expect(file.order == [[first, BuildpackReference(id: "test/two", isOptional: true)]])
        #expect(file.place(of: first)?.line == 12)
        #expect(file.extensionOrder == [[BuildpackReference(id: "test/ext")]])
        #expect(file.system.first == [BuildpackReference(id: "test/sys", version: "1", isOptional: true)])
        #expect(file.environmentFiles == ["A": "x", "PATH.prepend": "/opt", "PATH.delim": ":"])
        #expect(file.runImages == [BuilderRunImage(image: "run:1", mirrors: ["m/run:1"])])
        #expect(file.lifecycle == .version("0.20.5"))
        #expect(file.targets.map(\.text) == ["linux/amd64 (debian 12)"])
    }

    /// The original's own file has the older form alone.
    @Test func readsTheOlderForm() throws {
        let file = try BuilderFile(
            "[stack]\nid = \"s\"\nrun-image = \"r:run\"\nrun-image-mirrors = [\"m\"]\nbuild-image = \"r:build\"\n",
            fileName: "builder.toml")
        #expect(file.buildImage == "r:build" && file.stackID == "s" && file.lifecycle == nil)
        #expect(file.runImages == [BuilderRunImage(image: "r:run", mirrors: ["m"])])
    }

    @Test(arguments: [
        ("buildpack = 1\n" + images, "builder.toml:1:1: unknown key buildpack; did you mean buildpacks?"),
        ("[[buildpacks]]\nid = \"x\"\n" + images, "builder.toml:1:3: [[buildpacks]] has no uri"),
        ("[[buildpacks]]\nuri = \"a\"\nimage = \"b\"\n" + images, "builder.toml:3:9: [[buildpacks]] has uri and image"),
        ("[[order]]\n[[order.group]]\nversion = \"1\"\n" + images, "builder.toml:2:9: [[order.group]] has no id"),
        ("[[order]]\n[[order.group]]\nid = 7\n" + images, "builder.toml:3:6: id: expected a string"),
        ("[build]\nimage = \"b\"\n[[run.images]]\nmirrors = []\n", "builder.toml:3:7: [[run.images]] has no image"),
        (images + "[stack]\nbuild-image = \"c\"\n", "builder.toml:6:15: [stack] build-image is not [build] image"),
        (images + "[stack]\nrun-image = \"c\"\n", "builder.toml:6:13: [stack] run-image is not the first"),
        (images + "[lifecycle]\nversion = \"1\"\nuri = \"x\"\n", "builder.toml:6:11: [lifecycle] has version and uri"),
        (images + "[[build.env]]\nname = \"A\"\nsuffix = \"up\"\n", "builder.toml:7:10: suffix is one of none"),
        (images + "[[build.env]]\nname = \"A\"\nvalue = \"1\"\nsuffix = \"append\"\n", "needs a delim"),
        (images + "[[build.env]]\nname = \"../A\"\n", "cannot be the name of a variable"),
        ("[build\n", "builder.toml:1:"),
    ])
    func refuses(_ text: String, _ message: String) {
        let failure = #expect(throws: Failure.self) { try BuilderFile(text, fileName: "builder.toml") }
        #expect(failure?.description.contains(message) == true, "\(failure.map { "\($0)" } ?? "")")
    }
}
