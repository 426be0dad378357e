import Foundation
import JSONText
import Testing

@testable import IntegrationBridge

@Suite("Intake")
struct IntakeTests {
    /// What a test compares: the id's text or the fault, and the form.
    struct Reading: Equatable {
        var id: String?
        var fault: IntakeFault?
        var form: RequestForm
    }

    private func read(_ value: [UInt8]?, plainText: Bool = false, pointer: String = "/integration_id") throws -> Reading
    {
        var intake = Intake(pointer: try JSONPointer(pointer), text: pointer)
        func reading(_ bytes: UnsafeRawBufferPointer?) -> Reading {
            let result = intake.read(value: bytes, isPlainText: plainText)
            switch result.id {
            case .found(let id): return Reading(id: String(decoding: id, as: UTF8.self), form: result.form)
            case .fault(let fault): return Reading(fault: fault, form: result.form)
            }
        }
        guard let value else { return reading(nil) }
        return value.withUnsafeBytes { reading($0) }
    }

    private func read(_ value: String, plainText: Bool = false, pointer: String = "/integration_id") throws -> Reading {
        try read(Array(value.utf8), plainText: plainText, pointer: pointer)
    }

    @Test(
        "Every form of a request that names an integration is read",
        arguments: [
            (#"{"integration_id":"i-12345"}"#, "i-12345", RequestForm.json),
            (#" {"a":[{}],"integration_id":"i-1","integration_id":"i-2"} "#, "i-1", .json),
            (#"{"integration_id":"caf\u00e9 \ud83d\ude00"}"#, "café 😀", .json),
            (#"{"integration\u005fid":"x"}"#, "x", .json),
            (#""i-12345""#, "i-12345", .json),
            (#""a\/b""#, "a/b", .json),
            ("i-12345", "i-12345", .text),
            ("  dlz-f3a90de\n", "dlz-f3a90de", .text),
            ("123abc", "123abc", .text),
            ("a.b_c~d", "a.b_c~d", .text),
            ("truely", "truely", .text),
        ])
    func accepted(value: String, id: String, form: RequestForm) throws {
        #expect(try read(value) == Reading(id: id, form: form))
    }

    @Test(
        "Every bad request has its fault, and its value is kept in the right form",
        arguments: [
            ("", IntakeFault.emptyValue, RequestForm.text),
            ("  \n", .emptyValue, .text),
            ("null", .notAnID, .json),
            ("true", .notAnID, .json),
            ("123", .notAnID, .json),
            ("[\"i-1\"]", .notAnID, .json),
            ("{}", .missingID(pointer: "/integration_id"), .json),
            (#"{"integration_id":null}"#, .idIsNotAString(pointer: "/integration_id"), .json),
            (#"{"integration_id":7}"#, .idIsNotAString(pointer: "/integration_id"), .json),
            (#"{"integration_id":""}"#, .emptyID, .json),
            (#"{"integration_id":"."}"#, .idIsDotSegment, .json),
            ("..", .idIsDotSegment, .text),
            (#"{"integration_id":"a\nb"}"#, .idHasControlCharacter, .json),
            (#"{"integration_id":"a\u0085b"}"#, .idHasControlCharacter, .json),
            (#"{"integration_id":"a\ud800"}"#, .idIsNotUnicode, .json),
            (#"{"integration_id":"a\u007f"}"#, .idHasControlCharacter, .json),
            ("two words", .notAnID, .text),
            ("i-1/../x", .notAnID, .text),
            ("i-1\u{0}", .notAnID, .text),
        ])
    func refused(value: String, fault: IntakeFault, form: RequestForm) throws {
        #expect(try read(value) == Reading(fault: fault, form: form))
    }

    @Test("A null value, bytes that are no UTF-8 and JSON that does not parse are faults, not errors")
    func poison() throws {
        #expect(try read([UInt8]?.none) == Reading(fault: .nullValue, form: .null))
        #expect(try read([0xff, 0xfe]) == Reading(fault: .invalidUTF8, form: .binary))
        #expect(try read(Array("{\"integration_id\":\"".utf8) + [0xff] + Array("\"}".utf8)).fault == .invalidUTF8)
        let broken = try read(#"{"integration_id":"i-1""#)
        guard case .invalidJSON = broken.fault else {
            Issue.record("\(broken)")
            return
        }
        #expect(broken.form == .text)
    }

    @Test("255 characters are an id, 256 are not, whatever they take in bytes")
    func length() throws {
        for character in ["a", "é", "漢", "😀"] {
            let longest = String(repeating: character, count: 255)
            #expect(try read("\"\(longest)\"").id == longest)
            #expect(try read("\"\(longest)\(character)\"").fault == .idTooLong)
        }
    }

    @Test("A control character is found at every place of an id of any length, and nothing else is taken for one")
    func controlCharacters() {
        let parts = ["\u{0}", "\u{1F}", " ", "~", "\u{7F}", "\u{80}", "\u{9F}", "\u{A0}", "é", "漢", "😀"]
        for length in 1..<28 {
            for place in 0..<length {
                for part in parts {
                    let rest = String(repeating: "y", count: length - place - 1)
                    let id = String(repeating: "x", count: place) + part + rest
                    let isControl = part.unicodeScalars.allSatisfy { $0.properties.generalCategory == .control }
                    #expect(
                        fault(of: id) == (isControl ? .idHasControlCharacter : nil),
                        "\(part.debugDescription) at \(place) of \(length)")
                }
            }
        }
    }

    private func fault(of id: String) -> IntakeFault? {
        var id = id
        return id.withUTF8 { bytes in
            if case .fault(let fault) = Intake.check(UnsafeRawBufferPointer(bytes)) { return fault }
            return nil
        }
    }

    @Test("Schema Registry framing is stepped over")
    func framing() throws {
        let frame: [UInt8] = [0, 0, 0, 0, 7]
        #expect(try read(frame + Array(#"{"integration_id":"i-1"}"#.utf8)).id == "i-1")
        #expect(try read(frame + Array("i-2".utf8)).id == "i-2")
        #expect(try read(frame).fault == .emptyValue)
        #expect(try read([0, 0, 0]).id == nil)
    }

    @Test("Under text/plain the text is the id, JSON or not, and other characters are allowed")
    func plainText() throws {
        #expect(try read(" two words ", plainText: true) == Reading(id: "two words", form: .text))
        #expect(try read("123", plainText: true) == Reading(id: "123", form: .text))
        #expect(try read("{\"a\":1}", plainText: true) == Reading(id: "{\"a\":1}", form: .text))
        #expect(try read("a\u{7}", plainText: true).fault == .idHasControlCharacter)
        #expect(try read([0xc3], plainText: true) == Reading(fault: .invalidUTF8, form: .binary))
    }

    @Test("A pointer reaches into objects and arrays, with its own escapes")
    func pointers() throws {
        #expect(try read(#"{"a":{"b/c":[0,{"~x":"i-1"}]}}"#, pointer: "/a/b~1c/1/~0x").id == "i-1")
        #expect(try read(#""i-1""#, pointer: "").id == "i-1")
        #expect(try read(#"{"a":1}"#, pointer: "").fault == .idIsNotAString(pointer: ""))
    }

    @Test("Generated requests: the first member of the name counts, whatever its spelling", arguments: 0..<2000)
    func generated(seed: Int) throws {
        var generator = JSONTextGenerator(seed: seed)
        let first = generator.text(8)
        let second = generator.text(8)
        let members = [first, second].map { id in
            generator.quoted("integration_id") + generator.space() + ":" + generator.space() + generator.quoted(id)
        }
        let text = generator.space() + generator.object(depth: 3, extra: members) + generator.space()
        let expected = Reading(
            id: first == "." || first == ".." ? nil : first, fault: nil, form: .json)
        #expect(try read(text) == expected, "seed \(seed): \(text)")
        let single = generator.object(depth: 3, extra: [members[0]])
        let parsed = try JSONSerialization.jsonObject(with: Data(single.utf8)) as? [String: Any]
        #expect(try read(single).id == parsed?["integration_id"] as? String, "seed \(seed): \(single)")
    }

    @Test("A request cut off at any byte is a fault and never an id", arguments: 0..<60)
    func truncated(seed: Int) throws {
        var generator = JSONTextGenerator(seed: seed)
        let member = generator.quoted("integration_id") + ":" + generator.quoted(generator.text(8))
        let text = Array(generator.object(depth: 2, extra: [member]).utf8)
        for length in 0..<text.count {
            #expect(try read(Array(text[..<length])).id == nil, "seed \(seed), cut at \(length)")
        }
    }

    @Test("Bytes changed at random never crash it, and what it accepts a JSON parser accepts", arguments: 0..<500)
    func mutated(seed: Int) throws {
        var generator = JSONTextGenerator(seed: seed)
        let member = generator.quoted("integration_id") + ":" + generator.quoted(generator.text(8))
        var text = Array(generator.object(depth: 2, extra: [member]).utf8)
        for _ in 0..<3 {
            text[Int.random(in: 0..<text.count, using: &generator.random)] = UInt8.random(
                in: 0...255, using: &generator.random)
        }
        let reading = try read(text)
        if reading.form == .json, reading.id != nil {
            #expect(
                (try? JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)) != nil,
                "seed \(seed): \(String(decoding: text, as: UTF8.self))")
        }
    }
}
