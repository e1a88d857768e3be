import Glibc

/// The processor time that some work on this thread takes, the best of three; what else the machine does does not count.
public func processorTime(of work: () throws -> Void) rethrows -> Double {
    var best = Double.infinity
    for _ in 0..<3 {
        let start = threadSeconds()
        try work()
        best = min(best, threadSeconds() - start)
    }
    return best
}

/// How many times as long `work` takes for ten times as much: about 10 where it is linear, 100 where it is quadratic.
public func growth(from amount: Int, _ work: (_ amount: Int) throws -> Void) rethrows -> Double {
    let one = try processorTime { try work(amount) }
    return try processorTime { try work(10 * amount) } / max(one, 1e-6)
}

private func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
