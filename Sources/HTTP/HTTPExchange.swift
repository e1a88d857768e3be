internal import CCurl
import Diagnostics
import Glibc
import LayerArchive

/// What goes out and what comes in while libcurl works; used by its thread alone.
final class HTTPExchange {
    private let request: HTTPRequest
    private let isCancelled: () -> Bool
    private let outgoing: (any HTTPBodyReader)?
    private var headers: [String: String] = [:]
    private var status = 0
    private let memory: MemorySink
    private var file: DigestSink?
    private var sent: Int64 = 0
    /// What went wrong on this side.
    private(set) var error: Failure?

    init(_ request: HTTPRequest, isCancelled: @escaping () -> Bool) {
        self.request = request
        self.isCancelled = isCancelled
        memory = MemorySink(limit: request.limit)
        outgoing = request.body?.makeReader()
    }

    /// The answer, once libcurl is done.
    /// - Throws: `Failure` of code `digestMismatch` when the file is not what was asked for.
    func response(status: Int) throws(Failure) -> HTTPResponse {
        if let expected = request.fileSHA256, (200..<300).contains(status) { try check(expected) }
        return HTTPResponse(status: status, headers: headers, body: memory.bytes)
    }

    private func check(_ expected: String) throws(Failure) {
        // A body without a byte has made no file yet.
        _ = try sink()
        try file?.finish()
        guard file?.digest == expected else {
            throw Failure(
                .digestMismatch, "the content received is sha256:\(file?.digest ?? ""), not sha256:\(expected)")
        }
    }

    /// Has libcurl call this exchange, which must live until it is done.
    func attach(to handle: UnsafeMutableRawPointer) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        mixpack_curl_set_data(handle, CURLOPT_WRITEFUNCTION) { HTTPExchange.take($3)?.receive($0, $1 * $2) ?? 0 }
        mixpack_curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
        mixpack_curl_set_data(handle, CURLOPT_HEADERFUNCTION) { HTTPExchange.take($3)?.header($0, $1 * $2) ?? 0 }
        mixpack_curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
        mixpack_curl_set_data(handle, CURLOPT_READFUNCTION) {
            HTTPExchange.take($3)?.send($0, $1 * $2) ?? Int(CURL_READFUNC_ABORT)
        }
        mixpack_curl_set_pointer(handle, CURLOPT_READDATA, context)
        mixpack_curl_set_progress(handle) { context, _, _, _, _ in
            HTTPExchange.take(context)?.isCancelled() == false ? 0 : 1
        }
        mixpack_curl_set_pointer(handle, CURLOPT_XFERINFODATA, context)
        mixpack_curl_set_long(handle, CURLOPT_NOPROGRESS, 0)
    }

    private static func take(_ context: UnsafeMutableRawPointer?) -> HTTPExchange? {
        context.map { Unmanaged<HTTPExchange>.fromOpaque($0).takeUnretainedValue() }
    }

    private func receive(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        do throws(Failure) {
            try sink().write(UnsafeRawBufferPointer(start: bytes, count: count))
            guard file?.count ?? 0 <= request.fileLimit else {
                throw Failure(.overLimit, "more than the announced \(request.fileLimit) bytes")
            }
            return count
        } catch {
            self.error = error
            return 0
        }
    }

    /// The file for a good answer where one is asked for, else memory.
    private func sink() throws(Failure) -> any ByteSink {
        guard let path = request.file, (200..<300).contains(status) else { return memory }
        if let file { return file }
        let new = try DigestSink(next: try FileSink(replacing: path))
        file = new
        return new
    }

    private func header(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        let line = String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            headers = [:]
            status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        } else if let colon = line.firstIndex(of: ":") {
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers[line[..<colon].lowercased()] = String(value.prefix { $0 != "\r\n" && $0 != "\r" && $0 != "\n" })
        }
        return count
    }

    private func send(_ buffer: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let reader = outgoing else { return 0 }
        do throws(Failure) {
            let got = try reader.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: count))
            sent += Int64(got)
            request.progress?(sent, request.body?.size ?? sent)
            return got
        } catch {
            self.error = error
            return Int(CURL_READFUNC_ABORT)
        }
    }
}
