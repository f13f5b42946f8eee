package import FoundationEssentials

/// A type with a BSON type of its own: coded as that, whatever its conformance to `Codable` says.
protocol BSONConvertible {
    /// Throws where BSON can't hold it.
    func bsonValue(at path: [any CodingKey]) throws -> BSONValue

    /// Nil where `value` is of another type.
    init?(bsonValue value: BSONValue)
}

extension Date: BSONConvertible {
    func bsonValue(at path: [any CodingKey]) throws -> BSONValue {
        guard let milliseconds = Int64(exactly: (timeIntervalSince1970 * 1000).rounded()) else {
            throw EncodingError.invalidValue(
                self, .init(codingPath: path, debugDescription: "The date is out of BSON's bounds"))
        }
        return .date(milliseconds: milliseconds)
    }

    init?(bsonValue value: BSONValue) {
        guard case .date(let milliseconds) = value else { return nil }
        self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
    }
}

extension Data: BSONConvertible {
    func bsonValue(at path: [any CodingKey]) -> BSONValue { .binary(BSONBinary(Array(self))) }

    init?(bsonValue value: BSONValue) {
        guard case .binary(let binary) = value else { return nil }
        self.init(binary.bytes)
    }
}

extension [UInt8]: BSONConvertible {
    func bsonValue(at path: [any CodingKey]) -> BSONValue { .binary(BSONBinary(self)) }

    init?(bsonValue value: BSONValue) {
        guard case .binary(let binary) = value else { return nil }
        self = binary.bytes
    }
}

extension BSONDecimal128: BSONConvertible {
    func bsonValue(at path: [any CodingKey]) -> BSONValue { .decimal128(self) }

    init?(bsonValue value: BSONValue) {
        guard case .decimal128(let number) = value else { return nil }
        self = number
    }
}

extension BSONBinary: BSONConvertible {
    func bsonValue(at path: [any CodingKey]) -> BSONValue { .binary(self) }

    init?(bsonValue value: BSONValue) {
        guard case .binary(let binary) = value else { return nil }
        self = binary
    }
}

extension BSONObjectID: BSONConvertible {
    func bsonValue(at path: [any CodingKey]) -> BSONValue { .objectID(self) }

    init?(bsonValue value: BSONValue) {
        guard case .objectID(let id) = value else { return nil }
        self = id
    }
}

extension BSONDocument: BSONConvertible {
    func bsonValue(at path: [any CodingKey]) -> BSONValue { .document(self) }

    init?(bsonValue value: BSONValue) {
        guard case .document(let document) = value else { return nil }
        self = document
    }
}

extension BSONValue: BSONConvertible {
    func bsonValue(at path: [any CodingKey]) -> BSONValue { self }

    init?(bsonValue value: BSONValue) { self = value }
}
