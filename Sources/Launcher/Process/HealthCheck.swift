/// What an engine runs to find out whether the container works: `launcher --health-check PORT PATH`.
///
/// The launcher asks over plain HTTP, by 127.0.0.1 and, if nothing answers there, by ::1. An answer from 200 to 399 is
/// healthy: a redirect, as to HTTPS, comes from a server that works.
struct HealthCheck {
    private let port: UInt16
    private let path: ByteString

    /// Milliseconds: less than the five seconds that the engine waits.
    private static let timeout = 4000

    /// The check that the launcher's arguments ask for; `nil` if they ask for a process.
    init?(_ arguments: [ByteString]) throws(LaunchError) {
        guard arguments.count > 1, arguments[1] == "--health-check" else { return nil }
        guard arguments.count == 4, let port = UInt16(String(decoding: arguments[2].bytes, as: UTF8.self)),
            arguments[3].bytes.first == UInt8(ascii: "/")
        else { throw LaunchError(.unhealthy, "--health-check takes a port and a path, such as 4000 /health") }
        self.port = port
        path = arguments[3]
    }

    /// Returns if the answer is that of a server that works; the engine keeps what an error says.
    func run() throws(LaunchError) {
        let status: Int32
        do throws(SystemFailure) {
            status = try self.status()
        } catch {
            throw LaunchError(.unhealthy, name + " does not answer: " + error.text)
        }
        guard (200...399).contains(status) else {
            throw LaunchError(.unhealthy, name + " answers with status " + ByteString("\(status)"))
        }
    }

    private func status() throws(SystemFailure) -> Int32 {
        do throws(SystemFailure) {
            return try System.httpStatus(false, port, request, timeout: Self.timeout)
        } catch {
            // Who listens and is silent there will not answer here within the engine's time.
            guard !error.isTimeout else { throw error }
            do throws(SystemFailure) {
                return try System.httpStatus(true, port, request, timeout: Self.timeout)
            } catch let other {
                throw other.isTimeout ? other : error
            }
        }
    }

    private var name: ByteString { ("http://localhost:" as ByteString) + ByteString("\(port)") + path }

    private var request: ByteString {
        ("GET " as ByteString) + path + " HTTP/1.1\r\nHost: localhost:" + ByteString("\(port)")
            + "\r\nUser-Agent: mixpack-launcher\r\nConnection: close\r\n\r\n"
    }
}
