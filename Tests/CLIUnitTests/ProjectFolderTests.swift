import Diagnostics
import SystemPackage
import TestSupport
import Testing

@testable import CLI

@Suite("The project's folder and name")
struct ProjectFolderTests {
    @Test("the folder is an argument or an option; both may name the same one, but not two")
    func folder() throws {
        let machine = Machine()
        func place(_ words: String...) throws -> FilePath { try ProjectFolder.parse(words).place(machine) }
        #expect(try place() == machine.currentDirectory)
        #expect(try place("/etc") == "/etc")
        #expect(try place("--path", "/a") == "/a")
        #expect(try place("/tmp/../etc", "--path", "/etc/") == "/etc")
        let error = #expect(throws: Failure.self) { try place("/a", "--path", "/b") }
        #expect(error?.code == .usage)
        #expect(error?.message == "/a and --path /b are two folders")
    }

    @Test("a folder that is not there is named as it was given")
    func missing() throws {
        for (words, name) in [(["/no/such"], "/no/such:"), (["--path", "/no/such"], "--path /no/such:")] {
            let error = #expect(throws: Failure.self) { try ProjectFolder.parse(words).existing(Machine()) }
            #expect(error?.code == .usage && error?.message.hasPrefix(name) == true, "\(String(describing: error))")
        }
    }

    @Test(
        "an image without a name has the application's, in the letters that image names have; an umbrella its folder's")
    func names() throws {
        try withTemporaryFolder { folder in
            var project = MiniProject()
            project.app = "my_app"
            try project.write(to: folder.appending("checkout"))
            #expect(ProposedImageName.text(folder.appending("checkout")) == "my-app")
            try SampleProject.umbrella.copy(to: folder.appending("Shop & Co"))
            #expect(ProposedImageName.text(folder.appending("Shop & Co")) == "shop-co")
            #expect(ProposedImageName.text("/") == "my-image")
        }
    }
}
