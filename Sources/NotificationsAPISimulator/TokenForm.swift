internal import Foundation

/// What a token exchange asks for (RFC 8693, 2.1).
struct TokenForm {
    let subjectToken: String
    let expiresIn: Int?

    private static let fixed = [
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "requested_token_type": "urn:ietf:params:oauth:token-type:access_token",
    ]

    /// Reads a form.
    ///
    /// - Throws: ``Problem`` with the field that is missing or wrong.
    init(contentType: String?, body: [UInt8]) throws(Problem) {
        let type = contentType?.split(separator: ";").first?.trimmingCharacters(in: .whitespaces).lowercased()
        guard type == "application/x-www-form-urlencoded" else { throw Problem(field: "content-type") }
        var fields: [String: String] = [:]
        for pair in String(decoding: body, as: UTF8.self).split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(parts[0]), parts.count == 2, let value = Self.decoded(parts[1]),
                fields.updateValue(value, forKey: name) == nil
            else { throw Problem(field: String(parts[0])) }
        }
        for (name, value) in Self.fixed.sorted(by: { $0.key < $1.key }) where fields[name] != value {
            throw Problem(field: name)
        }
        for name in ["subject_token", "identity_pool_id"] where fields[name, default: ""].isEmpty {
            throw Problem(field: name)
        }
        if let text = fields["expires_in"] {
            guard let seconds = Int(text), (1...900).contains(seconds) else { throw Problem(field: "expires_in") }
            expiresIn = seconds
        } else {
            expiresIn = nil
        }
        subjectToken = fields["subject_token", default: ""]
    }

    /// The field that cannot be used.
    struct Problem: Error, Equatable {
        var field: String
    }

    private static func decoded(_ text: Substring) -> String? {
        text.replacingOccurrences(of: "+", with: " ").removingPercentEncoding
    }
}
