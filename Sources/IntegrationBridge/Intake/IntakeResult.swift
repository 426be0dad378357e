/// What one request's value says; points into the value, or into the intake's own buffer.
struct IntakeResult {
    /// The integration id, 1 to 255 characters of valid UTF-8.
    enum ID {
        case found(UnsafeRawBufferPointer)
        case fault(IntakeFault)
    }

    var id: ID
    /// The value without registry framing and, for JSON, without white space around it.
    var payload: UnsafeRawBufferPointer
    var form: RequestForm
}
