/// Why a request names no integration; each ends as one Failure record of the reason `invalid_request`.
enum IntakeFault: Hashable, Sendable {
    case nullValue
    case emptyValue
    case invalidUTF8
    case invalidJSON(offset: Int)
    /// JSON, or text, that is neither an id nor holds one.
    case notAnID
    case missingID(pointer: String)
    case idIsNotAString(pointer: String)
    case emptyID
    case idTooLong
    case idHasControlCharacter
    case idIsDotSegment
    /// Half of a surrogate pair.
    case idIsNotUnicode

    /// A stable name, for the Failure document's `code`.
    var code: String {
        switch self {
        case .nullValue: "null_value"
        case .emptyValue: "empty_value"
        case .invalidUTF8: "invalid_utf8"
        case .invalidJSON: "invalid_json"
        case .notAnID: "not_an_id"
        case .missingID: "missing_id"
        case .idIsNotAString: "id_not_a_string"
        case .emptyID: "empty_id"
        case .idTooLong: "id_too_long"
        case .idHasControlCharacter: "id_control_character"
        case .idIsDotSegment: "id_dot_segment"
        case .idIsNotUnicode: "id_not_unicode"
        }
    }

    /// What is wrong and what would be right, for the requester.
    var detail: String {
        switch self {
        case .nullValue: "The request has no value (a tombstone), so it names no integration."
        case .emptyValue: "The request's value is empty, so it names no integration."
        case .invalidUTF8: "The request's value is not valid UTF-8."
        case .invalidJSON(let offset):
            "The request's value does not parse as JSON at byte \(offset), and is no bare id."
        case .notAnID:
            "The request's value is neither a JSON object with an id, a JSON string, nor a bare id of [A-Za-z0-9._~-]."
        case .missingID(let pointer): "The request has no member at \(pointer)."
        case .idIsNotAString(let pointer): "The member at \(pointer) is no string."
        case .emptyID: "The integration id is empty."
        case .idTooLong: "The integration id is longer than 255 characters."
        case .idHasControlCharacter: "The integration id holds a control character."
        case .idIsDotSegment: "The integration id is '.' or '..', which no URL can carry."
        case .idIsNotUnicode: "The integration id holds half of a surrogate pair, which no text can."
        }
    }

    /// Where in the request the fault is, as a JSON Pointer.
    var pointer: String? {
        switch self {
        case .missingID(let pointer), .idIsNotAString(let pointer): pointer
        default: nil
        }
    }
}
