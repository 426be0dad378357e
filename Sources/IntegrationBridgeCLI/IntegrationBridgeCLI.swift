@main
struct IntegrationBridgeCLI {
    static func main() async {}
}
