/// Where `send` takes its requests from: the operands, or a file line by line.
enum RequestSource: Sendable {
    case ids([String])
    case file(String)

    /// Hands over each request's value in order, until there are no more or `body` returns false. It blocks: for a thread
    /// of ours.
    ///
    /// - Throws: `CommandFailure` that names the id, or the file and the line.
    func forEach(_ body: ([UInt8]) throws(CommandFailure) -> Bool) throws(CommandFailure) {
        switch self {
        case .ids(let ids):
            // All are looked at first: they are few, and nothing is sent of a command line that is wrong.
            for value in try ids.map(Self.value(ofID:)) where try !body(value) { return }
        case .file(let path): try forEachLine(of: path, body)
        }
    }

    private static func value(ofID id: String) throws(CommandFailure) -> [UInt8] {
        do throws(RequestLine.Problem) {
            return try RequestLine.value(ofID: id)
        } catch {
            throw CommandFailure(.usage, "'\(id)' \(error.message)")
        }
    }

    private func forEachLine(
        of path: String, _ body: ([UInt8]) throws(CommandFailure) -> Bool
    ) throws(CommandFailure) {
        let name = path == "-" ? "standard input" : path
        var reader: LineReader
        do throws(LineReader.Problem) {
            reader = try LineReader(path: path)
        } catch {
            throw CommandFailure(.usage, "\(name): \(error.message)")
        }
        while true {
            let line: Result<[UInt8]?, RequestLine.Problem>?
            do throws(LineReader.Problem) {
                line = try reader.next(Self.value(of:))
            } catch {
                throw CommandFailure(.usage, "\(name): \(error.message)")
            }
            switch line {
            case nil: return
            case .success(nil): continue
            case .success(let value?): if try !body(value) { return }
            case .failure(let problem):
                throw CommandFailure(.usage, "\(name): line \(reader.lineNumber) \(problem.message)")
            }
        }
    }

    private static func value(of line: UnsafeRawBufferPointer) -> Result<[UInt8]?, RequestLine.Problem> {
        do throws(RequestLine.Problem) {
            return .success(try RequestLine.value(of: line))
        } catch {
            return .failure(error)
        }
    }
}
