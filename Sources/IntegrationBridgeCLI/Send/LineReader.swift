#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Reads a file line by line in a buffer of bounded size. It blocks: for a thread of ours.
struct LineReader: ~Copyable {
    /// The file cannot be read on.
    enum Problem: Error, Equatable {
        case cannotOpen(reason: String)
        case cannotRead(reason: String)
        case lineTooLong(line: Int)

        var message: String {
            switch self {
            case .cannotOpen(let reason): "cannot be opened: \(reason)"
            case .cannotRead(let reason): "cannot be read: \(reason)"
            case .lineTooLong(let line): "line \(line) is longer than \(LineReader.maximumLineLength) bytes"
            }
        }
    }

    /// No Kafka broker takes more in one record unless it is told to.
    static let maximumLineLength = 1 << 20

    /// The number of the line that was read last, from 1.
    private(set) var lineNumber = 0
    private let descriptor: Int32
    private let closes: Bool
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)
    private var start = 0
    private var end = 0
    private var isAtEnd = false

    /// Opens a file; `-` is standard input.
    init(path: String) throws(Problem) {
        closes = path != "-"
        descriptor = closes ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO
        guard descriptor >= 0 else { throw .cannotOpen(reason: Self.reason) }
    }

    deinit {
        if closes, descriptor >= 0 { close(descriptor) }
    }

    /// The next line without its end; nil when there is none. The last one needs no line break.
    mutating func next<R>(_ body: (UnsafeRawBufferPointer) -> R) throws(Problem) -> R? {
        var searched = start
        while true {
            if let newline = buffer[searched..<end].firstIndex(of: UInt8(ascii: "\n")) {
                let line = start..<newline
                start = newline + 1
                return take(line, body)
            }
            searched = end
            if isAtEnd {
                guard start < end else { return nil }
                let line = start..<end
                start = end
                return take(line, body)
            }
            let moved = start
            try fill()
            searched -= moved - start
        }
    }

    private mutating func take<R>(_ line: Range<Int>, _ body: (UnsafeRawBufferPointer) -> R) -> R {
        lineNumber += 1
        var line = line
        // A byte order mark is no part of the first line.
        if lineNumber == 1, buffer[line].starts(with: [0xEF, 0xBB, 0xBF]) {
            line = line.lowerBound + 3..<line.upperBound
        }
        return buffer.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[line])) }
    }

    private mutating func fill() throws(Problem) {
        if start > 0 {
            buffer.withUnsafeMutableBytes { $0.copyBytes(from: Array($0[start..<end])) }
            end -= start
            start = 0
        }
        if end == buffer.count {
            guard buffer.count < Self.maximumLineLength else { throw .lineTooLong(line: lineNumber + 1) }
            buffer.append(contentsOf: repeatElement(0, count: buffer.count))
        }
        while true {
            let room = buffer.count - end
            let offset = end
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress.map { $0 + offset }, room) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .cannotRead(reason: Self.reason) }
            end += count
            isAtEnd = count == 0
            return
        }
    }

    private static var reason: String { String(cString: strerror(errno)) }
}
