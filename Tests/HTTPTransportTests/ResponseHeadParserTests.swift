import Testing

@testable import HTTPTransport

@Suite struct ResponseHeadParserTests {
    private func heads(_ lines: String...) -> [ResponseHeadParser.Head] {
        var parser = ResponseHeadParser()
        return lines.compactMap { line in
            Array((line + "\r\n").utf8).withUnsafeBytes { parser.consume($0) }
        }
    }

    @Test func fieldsKeepTheirOrderAndLoseTheirBlanks() {
        let heads = heads("HTTP/1.1 404 Not Found", "b:  two words \t", "A: 1", "b:3", "empty:", "")
        #expect(heads.first?.status == 404)
        #expect(heads.first?.headers == HTTPHeaders([("b", "two words"), ("A", "1"), ("b", "3"), ("empty", "")]))
    }

    @Test func reasonsMayBeMissing() {
        #expect(heads("HTTP/1.1 200", "").map(\.status) == [200])
    }

    @Test func interimHeadsAndTrailersAreNoHeads() {
        let heads = heads("HTTP/1.1 100 Continue", "x: y", "", "HTTP/1.1 200 OK", "a: b", "", "trailer: c", "")
        #expect(heads.map(\.status) == [200])
        #expect(heads.first?.headers == ["a": "b"])
    }

    @Test func linesThatAreNoFieldsArePassedOver() {
        #expect(heads("HTTP/1.1 200 OK", "nonsense", "a: b", "").first?.headers == ["a": "b"])
    }
}
