import Diagnostics
import Digests
import Files
import SystemPackage
import TestSupport
import Testing

struct DigestTests {
    @Test("digests are those of FIPS 180-4's examples")
    func vectors() throws {
        #expect(
            try MessageDigest.hex(of: "abc".utf8)
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            try MessageDigest.hex(of: "".utf8) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            try MessageDigest.hex(of: "abc".utf8, .sha512)
                == "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")
    }

    @Test("parts give the digest of the whole, and finishing starts over", arguments: [1, 7, 64, 1000])
    func parts(size: Int) throws {
        let bytes = (0..<5000).map { UInt8(truncatingIfNeeded: $0) }
        var digest = try MessageDigest()
        for start in stride(from: 0, to: bytes.count, by: size) {
            try digest.update(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        #expect(try digest.finish() == MessageDigest.hex(of: bytes))
        #expect(try digest.finish() == MessageDigest.hex(of: []))
    }

    @Test("a file has the digest of its content; one that is not there is named")
    func file() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending("file")
            let bytes = [UInt8](repeating: 7, count: 700_000)
            try file.replace(with: bytes)
            #expect(try MessageDigest.hex(ofFile: file, .sha512) == MessageDigest.hex(of: bytes, .sha512))
            let error = #expect(throws: Failure.self) { try MessageDigest.hex(ofFile: folder.appending("none")) }
            #expect(error?.message.contains("/none: ") == true)
        }
    }

    @Test("a keyed hash is the same with the same key and another with another; its file is the owner's alone")
    func keyed() throws {
        try withTemporaryFolder { folder in
            let (one, other) = (folder.appending("one"), folder.appending("other"))
            let hash = try KeyedHash(keyFile: one).hex(of: "value")
            #expect(try KeyedHash(keyFile: one).hex(of: "value") == hash)
            #expect(try KeyedHash(keyFile: other).hex(of: "value") != hash)
            #expect(FileStamp(of: one)?.permissions == 0o600)
            // RFC 4231 has no key of 32 bytes; this one is of OpenSSL: openssl dgst -sha256 -mac HMAC.
            try one.replace(with: [UInt8](repeating: 0x0b, count: 32))
            #expect(
                try KeyedHash(keyFile: one).hex(of: "Hi There")
                    == "198a607eb44bfbc69903a0f1cf2bbdc5ba0aa3f3d9ae3c1c7a3b1696a0b68cf7")
        }
    }

    @Test("a key that is not whole is made anew, so that nobody guesses it", arguments: [0, 1, 31, 33])
    func brokenKey(size: Int) throws {
        try withTemporaryFolder { folder in
            let file = folder.appending("key")
            try file.replace(with: [UInt8](repeating: 7, count: size))
            let hash = try KeyedHash(keyFile: file).hex(of: "value")
            #expect(try file.bytes().count == 32)
            #expect(try KeyedHash(keyFile: file).hex(of: "value") == hash)
        }
    }
}
