import Foundation

/// The configuration's JSON Schema, read without any knowledge of keys.
struct SchemaFile {
    let root: [String: Any]

    init() throws {
        let data = Data(try Repository.bytes("schemas/configuration.schema.json"))
        root = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    }

    /// The schemas of the leaves by dotted key, each with what its `$ref` says beneath its own members.
    var leaves: [String: [String: Any]] {
        var leaves: [String: [String: Any]] = [:]
        Self.walk(root, prefix: "") { path, schema, isGroup in
            if !isGroup { leaves[path] = resolved(schema) }
        }
        return leaves
    }

    /// The schemas of all maps by dotted path; the whole is the empty path.
    var groups: [String: [String: Any]] {
        var groups = ["": root]
        Self.walk(root, prefix: "") { path, schema, isGroup in
            if isGroup { groups[path] = schema }
        }
        return groups
    }

    func resolved(_ schema: [String: Any]) -> [String: Any] {
        guard let reference = schema["$ref"] as? String, let name = reference.split(separator: "/").last,
            let definitions = root["$defs"] as? [String: [String: Any]], let target = definitions[String(name)]
        else { return schema }
        return target.merging(schema) { _, own in own }
    }

    private static func walk(
        _ schema: [String: Any], prefix: String, _ visit: (String, [String: Any], Bool) -> Void
    ) {
        for (name, child) in schema["properties"] as? [String: [String: Any]] ?? [:] {
            let isGroup = child["properties"] != nil
            visit(prefix + name, child, isGroup)
            if isGroup { walk(child, prefix: prefix + name + ".", visit) }
        }
    }
}
