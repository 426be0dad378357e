internal import CLibTCMalloc
internal import IntegrationBridgeCLI

/// The executable `integration-bridge`: the command line, with an allocator for threads that free what others allocated.
@main
struct Main {
    // Off the main actor: a hop from or to it costs more than a cached lookup.
    @concurrent
    static func main() async {
        await IntegrationBridgeCLI.run()
    }
}
