import Lifecycle
import Testing

@Suite("The command that made a layer")
struct LayerCommandTests {
    @Test(
        "what builders put around a command is left out",
        arguments: [
            ("/bin/sh -c #(nop) ADD file:1234 in / ", "ADD file:1234 in /"),
            (
                "/bin/sh -c apt-get update   &&  apt-get install -y curl",
                "RUN apt-get update && apt-get install -y curl"
            ),
            ("RUN /bin/sh -c apt-get update # buildkit", "RUN apt-get update"),
            ("RUN |1 VERSION=1.2 /bin/sh -c make # buildkit", "RUN make"),
            ("COPY /app /app # buildkit", "COPY /app /app"),
            ("|2 A=1 B=2 /bin/sh -c make install", "RUN make install"),
        ])
    func reads(createdBy: String, command: String) {
        #expect(LayerCommand(createdBy: createdBy)?.text == command)
    }

    @Test(
        "what mixpack and other buildpack platforms write is not a command",
        arguments: [
            "", "mixpack: run image from this machine", "Layer: 'deps', Created by buildpack: a/b@1",
            "Buildpacks Launcher Config", "Application Layer", "|9 A=1",
        ])
    func refuses(createdBy: String) {
        #expect(LayerCommand(createdBy: createdBy) == nil)
    }
}
