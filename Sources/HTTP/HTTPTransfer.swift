internal import CCurl
import Diagnostics
import LayerArchive
import Synchronization

/// One request on its way through libcurl.
final class HTTPTransfer: Sendable {
    private let request: HTTPRequest
    private let certificates: String?
    private let handles: HTTPHandles?
    private let isCancelled = Atomic<Bool>(false)

    init(_ request: HTTPRequest, certificates: String?, handles: HTTPHandles? = nil) {
        self.request = request
        self.certificates = certificates
        self.handles = handles
    }

    /// Ends the transfer soon.
    func cancel() { isCancelled.store(true, ordering: .relaxed) }

    /// Sends the request and waits for the answer.
    func perform() -> Result<HTTPResponse, Failure> {
        Result { () throws(Failure) in try run() }
    }

    private func run() throws(Failure) -> HTTPResponse {
        guard let handle = handles?.take() ?? curl_easy_init() else {
            throw Failure(.transport, "libcurl cannot be started")
        }
        defer { if let handles { handles.give(handle) } else { curl_easy_cleanup(handle) } }
        let exchange = HTTPExchange(request, isCancelled: { [self] in isCancelled.load(ordering: .relaxed) })
        let headers = Self.list(request)
        defer { curl_slist_free_all(headers) }
        configure(handle, headers)
        exchange.attach(to: handle)
        let words = UnsafeMutableBufferPointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        words.initialize(repeating: 0)
        mixpack_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, words.baseAddress)
        defer {
            mixpack_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, nil)
            words.deallocate()
        }
        let status = withExtendedLifetime(exchange) { curl_easy_perform(handle) }
        if let error = exchange.error { throw error }
        guard status == CURLE_OK else {
            throw failure(
                status, words: String(decoding: words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        return try exchange.response(status: mixpack_curl_status(handle))
    }

    private func configure(_ handle: UnsafeMutableRawPointer, _ headers: UnsafeMutablePointer<curl_slist>?) {
        mixpack_curl_set_text(handle, CURLOPT_URL, request.url)
        mixpack_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
        mixpack_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        mixpack_curl_hide_sockets(handle)
        mixpack_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, Int(request.connectTimeout * 1000))
        if let timeout = request.timeout {
            mixpack_curl_set_long(handle, CURLOPT_TIMEOUT_MS, Int(timeout * 1000))
        } else if request.socket == nil {
            // Less than a byte a second for so long is a dead server.
            mixpack_curl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
            mixpack_curl_set_long(handle, CURLOPT_LOW_SPEED_TIME, max(request.stall, 1))
        }
        if let socket = request.socket { mixpack_curl_set_text(handle, CURLOPT_UNIX_SOCKET_PATH, socket.string) }
        if request.socket != nil || URLText.isLoopback(request.url) {
            mixpack_curl_set_text(handle, CURLOPT_NOPROXY, "*")
        }
        if let certificates { mixpack_curl_set_text(handle, CURLOPT_CAINFO, certificates) }
        if let identity = request.identity { Self.identify(handle, identity) }
        // A connection that has died meanwhile is noticed too late for a body to be sent again.
        if request.body != nil { mixpack_curl_set_long(handle, CURLOPT_FRESH_CONNECT, 1) }
        mixpack_curl_set_list(handle, CURLOPT_HTTPHEADER, headers)
        mixpack_curl_set_long(handle, CURLOPT_BUFFERSIZE, 1 << 18)
        setMethod(handle)
    }

    private static func identify(_ handle: UnsafeMutableRawPointer, _ identity: TLSIdentity) {
        if let file = identity.authority { mixpack_curl_set_text(handle, CURLOPT_CAINFO, file.string) }
        if let file = identity.certificate { mixpack_curl_set_text(handle, CURLOPT_SSLCERT, file.string) }
        if let file = identity.key { mixpack_curl_set_text(handle, CURLOPT_SSLKEY, file.string) }
        guard !identity.verifies else { return }
        mixpack_curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 0)
        mixpack_curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 0)
    }

    private func setMethod(_ handle: UnsafeMutableRawPointer) {
        if request.method == "HEAD" {
            mixpack_curl_set_long(handle, CURLOPT_NOBODY, 1)
        } else if let body = request.body {
            mixpack_curl_set_long(handle, CURLOPT_UPLOAD, 1)
            mixpack_curl_set_size(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(body.size))
            mixpack_curl_set_long(handle, CURLOPT_UPLOAD_BUFFERSIZE, 1 << 20)
        } else if request.method == "POST" || request.method == "PUT" || request.method == "PATCH" {
            mixpack_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, 0)
            mixpack_curl_set_text(handle, CURLOPT_COPYPOSTFIELDS, "")
        }
        if request.method != "HEAD" { mixpack_curl_set_text(handle, CURLOPT_CUSTOMREQUEST, request.method) }
    }

    private static func list(_ request: HTTPRequest) -> UnsafeMutablePointer<curl_slist>? {
        var list = curl_slist_append(nil, "Expect:")
        for header in request.headers {
            // A line end in a value would make another header of the rest.
            guard !header.value.utf8.contains(where: { $0 == 10 || $0 == 13 }) else { continue }
            list = curl_slist_append(list, "\(header.name): \(header.value)") ?? list
        }
        return list
    }

    /// - Parameter words: what libcurl itself says of it.
    private func failure(_ status: CURLcode, words: String) -> Failure {
        if isCancelled.load(ordering: .relaxed) { return Failure(.transport, "cancelled") }
        let place = request.socket?.string ?? Self.host(of: request.url)
        if let proxy = proxyFailure(status, words, place) { return proxy }
        if status == CURLE_SSL_CONNECT_ERROR, isRefusalOfTLS(words) {
            return Failure(.unsupported, "\(place) does not take TLS")
        }
        if status == CURLE_SSL_CACERT_BADFILE {
            // On this machine itself nothing is sent over a network.
            guard !URLText.isLoopback(request.url) else { return Failure(.unsupported, "\(place): no TLS") }
            return Failure(
                .unreadable, "\(place): there is no file of certificates to trust",
                advice: "install the package ca-certificates, or name the file in SSL_CERT_FILE")
        }
        return Failure(
            .transport, "\(place): \(String(cString: curl_easy_strerror(status)).lowercased())",
            advice: request.socket == nil ? "check the name, and that this machine can reach it" : nil)
    }

    /// A server without TLS answers a greeting of TLS with other bytes, and some end the connection.
    private func isRefusalOfTLS(_ words: String) -> Bool {
        ["wrong version number", "packet length too long", "http request", "unexpected TLS packet"]
            .contains(where: words.contains) || URLText.isLoopback(request.url)
    }

    /// The failure of a proxy between, which the server's name would hide.
    private func proxyFailure(_ status: CURLcode, _ words: String, _ place: String) -> Failure? {
        let proxy: String
        if status == CURLE_COULDNT_RESOLVE_PROXY {
            proxy = words.split(separator: ":").last.map { "the proxy\($0)" } ?? "the proxy"
        } else if status == CURLE_COULDNT_CONNECT,
            let match = words.firstMatch(of: /Failed to connect to (\S+) port (\d+)/),
            match.1 != URLText.host(of: request.url)
        {
            proxy = "the proxy \(match.1):\(match.2)"
        } else if let match = words.firstMatch(of: /(?:CONNECT tunnel failed, response|HTTP code) (\d+)/) {
            return Failure(
                .transport, "\(place): the proxy answered \(match.1)", advice: Self.proxyAdvice(place))
        } else {
            return nil
        }
        return Failure(.transport, "\(place): cannot reach \(proxy)", advice: Self.proxyAdvice(place))
    }

    private static func proxyAdvice(_ place: String) -> String {
        "check HTTPS_PROXY and HTTP_PROXY; NO_PROXY=\(place.prefix { $0 != ":" }) goes without a proxy"
    }

    /// The server's name alone: a whole address may hold what is nobody's business.
    private static func host(of url: String) -> String {
        let rest = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: true)
        return rest.count > 1 ? String(rest[1].split(separator: "@").last ?? rest[1]) : "the server"
    }
}
