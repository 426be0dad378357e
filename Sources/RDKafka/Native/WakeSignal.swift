#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Wakes a thread of ours: at once where it sleeps, else as soon as it wants to. Many signals wake it once.
///
/// Its times are those of the monotonic clock. A semaphore of Dispatch waits for a time of the wall clock on Linux, and sleeps
/// for as much longer as that is set back.
///
/// `@unchecked Sendable`: `isSet` is touched under the lock alone; the lock and the condition are made for all threads.
final class WakeSignal: @unchecked Sendable {
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var isSet = false

    init() {
        pthread_mutex_init(lock, nil)
        #if canImport(Darwin)
            pthread_cond_init(condition, nil)
        #else
            var attributes = pthread_condattr_t()
            pthread_condattr_init(&attributes)
            pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
            pthread_cond_init(condition, &attributes)
            pthread_condattr_destroy(&attributes)
        #endif
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(lock)
        condition.deallocate()
        lock.deallocate()
    }

    func signal() {
        pthread_mutex_lock(lock)
        isSet = true
        pthread_cond_signal(condition)
        pthread_mutex_unlock(lock)
    }

    /// Blocks the calling thread until it is signalled.
    func wait() {
        pthread_mutex_lock(lock)
        while !isSet { pthread_cond_wait(condition, lock) }
        isSet = false
        pthread_mutex_unlock(lock)
    }

    /// Blocks the calling thread until it is signalled, or for so long.
    ///
    /// - Returns: whether it was signalled.
    @discardableResult
    func wait(atMost duration: Duration) -> Bool {
        var (seconds, attoseconds) = max(.zero, duration).components
        // A day is as good as no end, and fits into every clock's type.
        if seconds >= 86_400 { (seconds, attoseconds) = (86_400, 0) }
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        #if !canImport(Darwin)
            var now = timespec()
            clock_gettime(CLOCK_MONOTONIC, &now)
            time.tv_sec += now.tv_sec + (time.tv_nsec + now.tv_nsec) / 1_000_000_000
            time.tv_nsec = (time.tv_nsec + now.tv_nsec) % 1_000_000_000
        #endif
        pthread_mutex_lock(lock)
        defer {
            isSet = false
            pthread_mutex_unlock(lock)
        }
        while !isSet {
            #if canImport(Darwin)
                let result = pthread_cond_timedwait_relative_np(condition, lock, &time)
            #else
                let result = pthread_cond_timedwait(condition, lock, &time)
            #endif
            if result != 0 { break }
        }
        return isSet
    }
}
