/// A task of a bridge that may have to wait.
enum ModelTask: Hashable {
    case pipeline
    case worker(Int)
    case timer
    case runner
    case stop
}
