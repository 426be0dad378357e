internal import JSONText

/// What becomes of a request's header in the result.
enum HeaderRule {
    case keep
    /// Ours replaces it, or it described the request's value.
    case replace
    /// Kept, but after the others, where tracing will put its own.
    case traceParent

    init(of name: UnsafeRawBufferPointer) {
        guard let first = name.first else {
            self = .keep
            return
        }
        switch first {
        case UInt8(ascii: "c"):
            self = Self.equal(name, "content-type") || Self.starts(name, "ce_") ? .replace : .keep
        case UInt8(ascii: "_"):
            let isOurs = Self.starts(name, "__connect.errors.") || Self.equal(name, "__value_schema_id")
            self = isOurs ? .replace : .keep
        case UInt8(ascii: "t"): self = Self.equal(name, "traceparent") ? .traceParent : .keep
        default: self = .keep
        }
    }

    private static func equal(_ name: UnsafeRawBufferPointer, _ text: StaticString) -> Bool {
        name.hasSameBytes(as: text)
    }

    private static func starts(_ name: UnsafeRawBufferPointer, _ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        return name.count >= length && UnsafeRawBufferPointer(rebasing: name[..<length]).hasSameBytes(as: text)
    }
}
