import Diagnostics
import Files
import Glibc
import OCIImage
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import RunImages

@Suite("The build image made from this machine")
struct MachineBuildImageTests {
    private func tools() throws -> BuildTools {
        let machine = try MachineToolchain()
        return BuildTools(
            erlang: BuildTools.Tool(root: machine.erlangRoot, version: machine.erlang),
            elixir: BuildTools.Tool(root: machine.elixirRoot, version: machine.elixir))
    }

    private func maker(_ folder: FilePath, _ files: BuildImageFiles) -> MachineBuildImage {
        MachineBuildImage(
            files: files, store: ImageStore(root: folder.appending("images")),
            record: folder.appending("cache/build-image.json"))
    }

    /// A system without compilers and Erlang.
    private static let small = BuildImageFiles.Roots(
        system: ["bash", "ca-certificates", "dash"], compilers: [], languages: [])

    private func run(_ script: String, in made: MachineBuildImage.Made, _ folder: FilePath) async throws -> ProgramEnd {
        let layout = ImageStore(root: folder.appending("images")).layout(of: made.reference)
        let bundle = try await ImageBundle(
            layout: layout.path, tag: layout.tag ?? "latest", unpackedTo: folder.appending("bundle"))
        let name = "mixpack-build-image-\(getpid())-\(UInt16.random(in: 0 ... .max))"
        let container = try bundle.start(name: name, command: ["/bin/sh", "-euc", script])
        let end = try await container.program.end(within: .seconds(90))
        await container.remove()
        return end
    }

    @Test(
        "As user 1000 it compiles C and a release, and git works; it says who it is; it holds nothing that is not for all"
    )
    func whole() async throws {
        try await withTemporaryFolder { folder in
            let notices = Mutex<[String]>([])
            let maker = maker(folder, BuildImageFiles(tools: try tools()))
            let made = try await maker.image { text in notices.withLock { $0.append(text) } }
            #expect(notices.withLock { $0.count } == 1)
            let clock = ContinuousClock()
            let time = try await clock.measure {
                let known = try await maker.image { text in notices.withLock { $0.append(text) } }
                #expect(known.image == made.image && known.remarks == made.remarks)
            }
            #expect(notices.withLock { $0.count } == 1 && time < .seconds(5), "\(time)")

            let config = made.image.configuration.config
            #expect(config.user == "1000:1000" && config.variable("CNB_USER_ID") == "1000")
            #expect(config.variable("CNB_STACK_ID") == "io.github.carlo-colombo.elixir-builder")
            let layout = ImageStore(root: folder.appending("images")).layout(of: made.reference)
            let seen = try await TestSupport.run(
                try findTool("skopeo"), ["inspect", "oci:\(layout.path):\(layout.tag ?? "latest")"]
            ).succeeded()
            #expect(seen.output.contains(#""io.buildpacks.stack.id": "io.github.carlo-colombo.elixir-builder""#))
            #expect(seen.output.contains(#""io.buildpacks.base.distro.name": "debian""#))

            let machine = try MachineToolchain()
            let end = try await run(
                """
                cd; id -u; pwd
                elixir --version | tail -n 1
                printf '#include <stdio.h>\\nint main(void) { puts("compiled"); return 0; }\\n' >hello.c
                gcc -o hello hello.c; ./hello
                printf '#include <iostream>\\nint main() { std::cout << "plus" << std::endl; }\\n' >plus.cc
                c++ -flto -o plus plus.cc; ./plus
                git init -q repository; cd repository
                git -c user.name=a -c user.email=a@b commit -q --allow-empty -m one; git log --format=%s; cd ..
                mix new mini >new.txt; cd mini; MIX_ENV=prod mix release --quiet
                _build/prod/rel/mini/bin/mini eval 'IO.puts("released é")'
                curl --version | head -n 1 | cut -d' ' -f1; openssl version | cut -d' ' -f1; echo a b | awk '{ print $2 }'
                locale charmap
                test -s /etc/ssl/certs/ca-certificates.crt; ls /etc/ssl/certs/*.0 | wc -l
                ls -A /home /etc/ssh /etc/apt /etc/shadow /usr/local/bin 2>/dev/null || true
                """, in: made, folder)
            #expect(end.status == 0, "\(end)")
            let lines = end.lines
            #expect(lines.prefix(2) == ["1000", "/home/cnb"], "\(end)")
            #expect(lines.contains { $0.hasPrefix("Elixir \(machine.elixir) ") }, "\(end)")
            for line in ["compiled", "plus", "one", "released é", "curl", "OpenSSL", "b", "UTF-8"] {
                #expect(lines.contains(line), "\(line): \(end)")
            }
            #expect(lines.suffix(4).contains("cnb") && !end.output.contains("/etc/ssh"), "\(end)")

            let root = folder.appending("bundle/rootfs")
            let closed = try await TestSupport.run(
                try findTool("find", package: "findutils"),
                [root.string, "-type", "f", "(", "-not", "-perm", "-o+r", "-o", "-perm", "/6000", ")"]
            ).succeeded()
            #expect(closed.lines == [])
            for path in ["usr/share/man", "usr/share/info", "usr/share/locale", "etc/passwd-"] {
                #expect(!root.appending(path).exists, "\(path)")
            }
            #expect(root.appending("usr/share/doc/git/copyright").isFile)
            #expect(root.appending("var/lib/dpkg/status.d/gcc").isFile)
        }
    }

    @Test(
        "Two stores get the same digest, whenever it is made; a file that it was made from has changed: it is made again"
    )
    func deterministic() async throws {
        try await withTemporaryFolder { folder in
            let files = BuildImageFiles(roots: Self.small, tools: try tools())
            let one = try await maker(folder.appending("one"), files).image { _ in }
            let two = try await maker(folder.appending("two"), files).image { _ in }
            #expect(one.image.digest == two.image.digest)
            try await ImageStore(root: folder.appending("one/images")).validate(one.image)
            let record = folder.appending("one/cache/build-image.json")
            try record.write(record.readText().replacing("/usr/bin/dash\\n", with: "/usr/bin/dash\\n/gone\\n"))
            let notices = Mutex(0)
            let again = try await maker(folder.appending("one"), files).image { _ in notices.withLock { $0 += 1 } }
            #expect(notices.withLock { $0 } == 1 && again.image.digest == one.image.digest)
        }
    }

    @Test("Erlang and Elixir of a version manager go to /opt and run there, with the packages of their libraries")
    func moved() async throws {
        try await withTemporaryFolder { folder in
            let managers = try ToolManagers(in: folder)
            let machine = try MachineToolchain()
            let installs = managers.folder(of: "asdf").appending("installs")
            let (elixir, erlang) = (installs.appending("elixir/1"), installs.appending("erlang/2"))
            try await managers.copyMachine(elixir: elixir, erlang: erlang)
            try installs.appending("erlang/2/.netrc").write("machine example.com password hunter2")
            try installs.appending("erlang/2/lib/.secret").write("hunter2")
            let files = BuildImageFiles(
                roots: BuildImageFiles.Roots(
                    system: Self.small.system, compilers: [], languages: ["elixir", "rebar3"]),
                tools: BuildTools(
                    erlang: BuildTools.Tool(root: erlang, version: machine.erlang),
                    elixir: BuildTools.Tool(root: elixir, version: machine.elixir)))
            let made = try await maker(folder, files).image { _ in }
            let path = made.image.configuration.config.variable("PATH") ?? ""
            #expect(path.hasPrefix("/opt/elixir-\(machine.elixir)/bin:/opt/erlang-\(machine.erlang)/bin:"), "\(path)")
            let end = try await run(
                """
                elixir -e 'IO.puts(:code.root_dir()); :crypto.hash(:md5, "a") |> Base.encode16() |> IO.puts()'
                /usr/local/bin/mix --version | tail -n 1
                grep -rl hunter2 /opt || true; ls /usr/lib/erlang 2>/dev/null || true
                """, in: made, folder)
            #expect(end.status == 0, "\(end)")
            #expect(
                end.lines.prefix(2) == ["/opt/erlang-\(machine.erlang)", "0CC175B9C0F1B6A831C399E269772661"], "\(end)")
            #expect(end.lines.count == 3 && end.lines.last?.hasPrefix("Mix \(machine.elixir)") == true, "\(end)")
        }
    }

    @Test("Without dpkg the user learns what else there is")
    func withoutPackages() async throws {
        try await withTemporaryFolder { folder in
            let failure = await #expect(throws: Failure.self) {
                _ = try await maker(folder, BuildImageFiles(root: folder)).image { _ in }
            }
            #expect(failure?.message.contains("no dpkg") == true)
            #expect(failure?.advice?.contains("--build-image") == true && failure?.advice?.contains("--from") == true)
        }
    }
}
