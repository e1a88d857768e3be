import SystemPackage

/// What runs the programs of another processor in a sandbox: the kernel starts it in their place, in the sandbox alone.
///
/// Nothing is registered on the machine: binfmt_misc has an instance of its own in each user namespace, from Linux 6.7 on.
package struct ProgramEmulator: Sendable, Hashable {
    /// The emulator, such as qemu-user's; it needs no library, because the kernel opens it outside of the root.
    package var program: FilePath
    /// The processor, as `e_machine` numbers it; of 64 bits, little-endian.
    package var machine: UInt16

    package init(_ program: FilePath, machine: UInt16) {
        self.program = program
        self.machine = machine
    }

    /// The kernel's rule for programs of that processor, with or without a fixed address
    /// ([binfmt_misc](https://docs.kernel.org/admin-guide/binfmt-misc.html)).
    var rule: String {
        let number = [machine & 0xff, machine >> 8].map { byte in
            let hex = String(byte, radix: 16)
            return "\\x" + (hex.count == 1 ? "0" : "") + hex
        }
        let zeros = String(repeating: "\\x00", count: 8)
        let ones = String(repeating: "\\xff", count: 8)
        // F opens the emulator now: the root need not have it.
        return ":mixpack:M::\\x7fELF\\x02\\x01\\x01\\x00" + zeros + "\\x02\\x00" + number.joined()
            + ":\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00" + ones + "\\xfe\\xff\\xff\\xff:\(program):F"
    }
}
