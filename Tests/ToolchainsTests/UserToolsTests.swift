import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Toolchains

@Suite("The user's own programs, behind shims and links")
struct UserToolsTests {
    private func add(_ file: FilePath, _ text: String = "#!/bin/sh\necho here\n") throws {
        try file.write(text, mode: 0o755)
    }

    private func found(_ answer: UserTools.Answer) -> UserTool? {
        if case .found(let tool) = answer { tool } else { nil }
    }

    @Test("a shim of asdf is the program of the version that the folder sets, with its whole install")
    func asdf() throws {
        try withTemporaryFolder { folder in
            let managers = try ToolManagers(in: folder)
            let installs = managers.folder(of: "asdf").appending("installs")
            for version in ["20.1.0", "22.3.0"] {
                for program in ["node", "npm"] { try add(installs.appending("nodejs/\(version)/bin/\(program)")) }
            }
            try add(installs.appending("nodejs/22.3.0/.npm/bin/yarn"))
            try add(installs.appending("rebar/3.24.0/bin/rebar3"))
            let shims = try managers.addShims(asdf: [
                ("node", "nodejs"), ("npm", "nodejs"), ("yarn", "nodejs"), ("rebar3", "rebar"),
            ])
            let project = managers.home.appending("shop")
            try project.appending(".tool-versions").write("nodejs 22.3.0\nrebar 3.24.0\n")
            let tools = UserTools(of: project, environment: managers.environment([shims]))

            let root = installs.appending("nodejs/22.3.0")
            let node = try #require(found(tools.find("node")))
            #expect(node.program == root.appending("bin/node") && node.shown == [root])
            #expect(found(tools.find("yarn"))?.program == root.appending(".npm/bin/yarn"))
            #expect(found(tools.find("rebar3"))?.program == installs.appending("rebar/3.24.0/bin/rebar3"))

            try project.appending(".tool-versions").write("nodejs 18.0.0\n")
            #expect(
                tools.find("node")
                    == .refused("asdf has no nodejs 18.0.0", advice: "asdf install nodejs 18.0.0"))
            #expect(
                tools.find("rebar3")
                    == .refused(
                        "asdf has a shim for rebar3, and no file here or above sets a version of rebar",
                        advice: "asdf set rebar 3.24.0"))
        }
    }

    @Test("mise, volta and nvm: the install behind the shim, and nvm's default where it is not on PATH")
    func others() throws {
        try withTemporaryFolder { folder in
            let managers = try ToolManagers(in: folder)
            let project = managers.home.appending("shop")
            try project.appending("mise.toml").write("[tools]\nnode = \"22\"\n")
            let mise = managers.folder(of: "mise").appending("installs/node/22.1.0")
            try add(mise.appending("bin/npm"))
            let shims = try managers.addShims(mise: [("npm", "node")])
            let shimmed = UserTools(of: project, environment: managers.environment([shims]))
            #expect(found(shimmed.find("npm"))?.program == mise.appending("bin/npm"))

            try managers.install("elixir", "1.18.3", for: "mise")
            try project.appending("mise.toml").write("")
            #expect(
                shimmed.find("npm")
                    == .refused(
                        "mise has a shim for npm, and no file here or above sets a version of node",
                        advice: "mise use node@22.1.0"))

            // fnm: a folder for each shell, which links to the install.
            let fnm = managers.home.pushing(FilePath(".local/share/fnm/node-versions/v22.1.0/installation"))
            try add(fnm.appending("bin/node"))
            let link = folder.appending("fnm_multishells")
            guard symlink(fnm.string, link.string) == 0 else { throw Errno(rawValue: errno) }
            let linked = UserTools(of: project, environment: managers.environment([link.appending("bin")]))
            let node = try #require(found(linked.find("node")))
            #expect(node.program == link.appending("bin/node"))
            #expect(node.shown.contains { $0.realPath == fnm.realPath })

            let volta = managers.home.appending(".volta")
            for name in ["bin/node", "tools/image/node/20.9.0/bin/node", "tools/image/node/22.9.0/bin/node"] {
                try add(volta.pushing(FilePath(name)))
            }
            try volta.appending("tools/user/platform.json").write(#"{"node":{"runtime":"22.9.0"}}"#)
            let tools = UserTools(of: project, environment: managers.environment([volta.appending("bin")]))
            #expect(
                found(tools.find("node"))?.program == volta.pushing(FilePath("tools/image/node/22.9.0/bin/node")))
            try project.appending("package.json").write(#"{"volta":{"node":"20.9.0"}}"#)
            #expect(
                found(tools.find("node"))?.program == volta.pushing(FilePath("tools/image/node/20.9.0/bin/node")))

            let nvm = managers.home.appending(".nvm")
            for version in ["v18.0.0", "v22.1.0", "v22.10.0"] {
                try add(nvm.pushing(FilePath("versions/node/\(version)/bin/npm")))
            }
            try nvm.appending("alias/default").write("22\n")
            let alone = UserTools(of: project, environment: managers.environment([]))
            #expect(found(alone.find("npm"))?.program == nvm.pushing(FilePath("versions/node/v22.10.0/bin/npm")))
            try project.appending(".nvmrc").write("v18\n")
            #expect(found(alone.find("npm"))?.program == nvm.pushing(FilePath("versions/node/v18.0.0/bin/npm")))
        }
    }

    @Test("of a program in the user's own folder only itself is shown, of one that it starts the install")
    func scripts() throws {
        try withTemporaryFolder { folder in
            let managers = try ToolManagers(in: folder)
            let home = managers.home
            try add(home.appending("opt/just/bin/just"))
            try add(home.appending("bin/just"), "#!/bin/sh\nexec \"\(home)/opt/just/bin/just\" \"$@\"\n")
            let tools = UserTools(of: home, environment: managers.environment([home.appending("bin")]))
            let just = try #require(found(tools.find("just")))
            #expect(just.program == home.appending("bin/just"))
            #expect(Set(just.shown) == [home.appending("bin/just"), home.appending("opt/just")])
            #expect(found(tools.find("~/bin/just"))?.program == just.program)
            #expect(tools.find("/nowhere/at/all") == .refused("/nowhere/at/all is not a file"))
            #expect(tools.find("protoc") == .missing)
        }
    }
}
