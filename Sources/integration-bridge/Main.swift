internal import CLibTCMalloc
internal import IntegrationBridgeCLI

/// The executable `integration-bridge`: the command line, with an allocator for threads that free what others allocated.
@main
struct Main {
    // Off the main actor: a hop from or to it costs more than a cached lookup.
    @concurrent
    static func main() async {
        // Of the usual 32 MiB, results under way would fill the most: an eighth is as quick.
        ib_limit_thread_caches(4 << 20)
        await IntegrationBridgeCLI.run()
    }
}
