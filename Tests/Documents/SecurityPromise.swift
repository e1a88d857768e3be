import TestSupport

/// Something that mixpack promises about a stranger's project, a lying registry or a bad disk, and the tests that try to break
/// it.
struct SecurityPromise {
    var text: String
    /// The tests that try to break it, by their names.
    var tests: [String]
    /// How often `make test` tries, in a few words.
    var suite: String
    /// How often `make soak` tries; `nil` if it is the same.
    var soak: String?
    /// What came of the last time that all was tried.
    var result = "held"

    /// All of them.
    static let all = [
        SecurityPromise(
            text: "No wrong byte leaves a damaged image store",
            tests: [
                "no wrong byte leaves a damaged store: by push, oci:, archives, or file by file",
                "a rebase over a damaged store puts no wrong byte into the new image",
                "a blob with a flipped bit is not given out, and the error names the file and its cure",
            ],
            suite: damages, soak: allDamages,
            result: "held: each of them gave the right bytes, or an error that names the file and how to mend it"),
        SecurityPromise(
            text: "A damaged cache changes no image",
            tests: [
                "a build over a damaged store or cache gives the right image, or says what is wrong",
                "each change to a file or to the record is seen, whether or not the file's times were put back",
                "a builder's root that something else has changed since is unpacked again: the image is the same",
                "one that something else has changed is removed, and fetched again",
                "each change to a file of what mixpack has installed, or to its seal, is seen, with its times put back too",
                "an entry with a file that something else has changed, or that says nothing of its files, does not count",
                "Compiled code that something else has changed since the last build is made again, and the user reads why",
            ],
            suite: damages, soak: allDamages),
        SecurityPromise(
            text: "The machine's run image is made again if the store has other bytes of it",
            tests: [
                "The store has other bytes of it, by whatever way: who reads it gets it made again, with the same digest"
            ],
            suite: "once"),
        SecurityPromise(
            text: "No pipe, socket or device in a file's place makes mixpack wait",
            tests: [
                "a pipe, a socket or a device in a file's place is an error that names it and how to mend it, not a wait",
                "a pipe in an archive's place is an error that names it, not a wait",
                "a lock in whose place a pipe is makes nobody wait",
            ],
            suite: "12 places"),
        SecurityPromise(
            text: "A killed build leaves the previous image and the cache as they were",
            tests: ["kills at random moments leave the image, the cache and no process behind"], suite: "6 kills",
            soak: "20 kills"),
        SecurityPromise(
            text: "The sandbox shows a project its own files and the machine's programs, and gives it no capability",
            tests: [
                "A program sees the machine's programs, its binds, and nothing else",
                "Only binds that are writable can be written to, and nothing else can",
                "root, too, has no capability inside: nothing is mounted, no device made, no setting of the kernel written",
                "Processes of the machine are not there, and the network only where asked for",
                "It works for an ordinary user too",
            ],
            suite: "each once, as root and as a user"),
        SecurityPromise(
            text: "Without a sandbox nothing of a project runs until the user agrees",
            tests: [
                "where there is no sandbox nothing of a project runs on sight, in CI neither; a flag or a variable says yes"
            ],
            suite: "each way once"),
        SecurityPromise(
            text: "Links of a project read nothing outside it",
            tests: [
                "links that lead out are refused, all of them in the order of the walk; what is opened is taken as it is there",
                "A link that leads out of the project is an error that names it, and nothing of what is there is copied",
            ],
            suite: "each kind once"),
        SecurityPromise(
            text: "A secret is in no output, no file of mixpack and no layer",
            tests: [
                "a secret given to the build is in no output, no file of mixpack and no layer",
                "Every form is found, and said which it is",
                "A value is masked as it will be shown, whatever is between its characters",
                "What comes in pieces is masked as if it came in one, wherever it is cut",
                "mixpack and what it starts write no core dumps, and mix gets no secret as an argument",
            ],
            suite: "each form and each cut"),
        SecurityPromise(
            text: "Of what others write, colours reach the terminal and no other control sequence",
            tests: [
                "of what a recording or a project writes, colours reach the terminal and no other control sequence"
            ],
            suite: "each sequence once"),
        SecurityPromise(
            text:
                "A registry that lies, stalls or cuts off gets no wrong image, no credential of another, and moves no tag",
            tests: [
                "a pull that goes wrong is cured or fails, and leaves no image",
                "a push that goes wrong is cured or fails, and moves no tag",
                "a page instead of a registry's answer ends a push, and no tag is there",
                "a host that a registry leads to gets no credential, even if it asks for one",
            ],
            suite: "each lie once"),
        SecurityPromise(
            text: "Archives write nothing outside, and a bomb is refused",
            tests: [
                "names in an archive cannot lead out of it, nor in a circle",
                "an archive that unpacks to far more than it is, is refused, and leaves nothing",
                "names that lead out of the image, devices and links in a circle stay harmless",
            ],
            suite: "each kind once"),
        SecurityPromise(
            text: "A buildpack of others cannot break the build or the machine",
            tests: [
                "H2, I4, A14: what bin/build leaves that is not as specified is exit code 52, and no image is made",
                "A link in a layer that leads out of it goes into the image as a link, and nothing behind it",
                "One that hangs ends when the build is cancelled, with all that it started",
                "One that floods its output is read to its end, and what is kept of it is bounded",
            ],
            suite: "each kind once"),
        SecurityPromise(
            text: "Whatever the bytes, readers of foreign files end with a value or an error",
            tests: [
                "it is read, and then written to be read as the same, or it is refused at a place in it",
                "any bytes at all are read or refused, never a crash",
                "A file cut short or with bytes changed gives an error or a value, never a crash",
                "a changed manifest or configuration is refused, or is an image with sizes that can be added up",
                "a changed name is refused, or is the same after it was written and read again",
            ],
            suite: "400 to 3,000 seeded variants a reader", soak: "`make fuzz`: guided by coverage, a reader at a time"),
    ]

    private static let damages = "\(Corruption.suiteRounds) seeded flips, truncations, zeroings and deletions a test"
    private static let allDamages = "\(Corruption.soakRounds) a test"
}
