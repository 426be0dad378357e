import JSONText

/// What the API's schema says of `Failure` and `Error`.
enum FailureSchema {
    /// What is wrong with a document; nothing for a valid one.
    static func faults(_ document: JSONValue) -> [String] {
        guard let errors = document["errors"]?.elements else { return ["no array 'errors'"] }
        var faults: [String] = []
        if document.members?.count != 1 { faults.append("more than 'errors'") }
        if errors.isEmpty { faults.append("'errors' is empty") }
        if Set(errors.map(\.bytes)).count != errors.count { faults.append("'errors' are not unique") }
        for error in errors {
            guard let members = error.members else {
                faults.append("an error is no object")
                continue
            }
            if Set(members.map(\.name)).count != members.count { faults.append("a member is repeated") }
            faults += members.compactMap { isValid($0) ? nil : "'\($0.name)': \($0.value)" }
        }
        return faults
    }

    private static func isValid(_ member: JSONValue.Member) -> Bool {
        switch member.name {
        case "id": member.value.string.map { $0.unicodeScalars.count <= 255 } ?? false
        case "status", "code", "title", "detail", "message": member.value.string != nil
        case "error_code": member.value.integer.flatMap(Int32.init(exactly:)) != nil
        case "source":
            member.value.members?.allSatisfy { ["pointer", "parameter"].contains($0.name) && $0.value.string != nil }
                ?? false
        default: false
        }
    }
}
