import Foundation
import ProgramSupport

/// The clock of a program's machine, which the test sets: what the program asks of the time of day is off by so much. What counts
/// durations, and wakes it, goes on as it does where somebody sets a real clock.
final class SetClock: Sendable {
    private let folder: URL
    private var offset: URL { folder.appending(path: "offset") }
    private var library: URL { folder.appending(path: "clock.so") }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "clock-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try set(0)
        try ChildProgram.output(
            of: ["clang", "-x", "c", "-shared", "-fPIC", "-O1", "-o", library.path, "-"], input: Data(Self.source.utf8))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// For the program that is to see it.
    var environment: [String: String] { ["LD_PRELOAD": library.path, "CLOCK_OFFSET_FILE": offset.path] }

    /// In seconds, against the real one.
    func set(_ seconds: Int) throws {
        // In place: the program has the file in its memory.
        if !FileManager.default.fileExists(atPath: offset.path) { try Data(count: 8).write(to: offset) }
        let file = try FileHandle(forWritingTo: offset)
        try file.write(contentsOf: withUnsafeBytes(of: Int64(seconds)) { Data($0) })
        try file.close()
    }

    private static let source = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <fcntl.h>
        #include <pthread.h>
        #include <stdlib.h>
        #include <sys/mman.h>
        #include <sys/time.h>
        #include <time.h>

        static const volatile long *offset;
        static int (*real)(clockid_t, struct timespec *);

        __attribute__((constructor)) static void begin(void) {
            real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
            int file = open(getenv("CLOCK_OFFSET_FILE"), O_RDONLY);
            void *memory = mmap(NULL, sizeof(long), PROT_READ, MAP_SHARED, file, 0);
            if (file < 0 || memory == MAP_FAILED) abort();
            offset = memory;
        }

        int clock_gettime(clockid_t clock, struct timespec *time) {
            if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
            int result = real(clock, time);
            if (offset && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += *offset;
            return result;
        }

        // A deadline by the time of day, such as the MongoDB driver's, is by what the program believes it to be.
        int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until) {
            static int (*wait)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
            // On x86-64 the first of that name is of another kind of condition.
            void *found = dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
            if (!found) found = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
            if (!wait) wait = (int (*)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *))found;
            struct timespec real = *until;
            if (offset && real.tv_sec > 1000000000) real.tv_sec -= *offset;
            return wait(condition, mutex, &real);
        }

        int gettimeofday(struct timeval *time, void *zone) {
            struct timespec now;
            int result = clock_gettime(CLOCK_REALTIME, &now);
            time->tv_sec = now.tv_sec;
            time->tv_usec = now.tv_nsec / 1000;
            return result;
        }

        time_t time(time_t *result) {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            if (result) *result = now.tv_sec;
            return now.tv_sec;
        }
        """
}
