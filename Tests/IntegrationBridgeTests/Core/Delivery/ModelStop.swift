/// How far a bridge is with its end.
enum ModelStop {
    case running
    /// The pipeline ends its batch.
    case pipeline
    case drain
    case commit
    case close
}
