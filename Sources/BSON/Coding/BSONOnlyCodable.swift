// These are coded by our own coders before their conformance is asked; another coder has no place for them.

/// What `BSONConvertible` types do with a coder of another format.
private enum ForeignCoder {
    static func refuse(_ value: Any, _ encoder: any Encoder) throws -> Never {
        throw EncodingError.invalidValue(
            value, .init(codingPath: encoder.codingPath, debugDescription: "Only BSON can hold it"))
    }

    static func refuse(_ decoder: any Decoder) -> DecodingError {
        .dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "Only BSON can hold it"))
    }
}

extension BSONValue: Codable {
    package func encode(to encoder: any Encoder) throws { try ForeignCoder.refuse(self, encoder) }

    package init(from decoder: any Decoder) throws { throw ForeignCoder.refuse(decoder) }
}

extension BSONDocument: Codable {
    package func encode(to encoder: any Encoder) throws { try ForeignCoder.refuse(self, encoder) }

    package init(from decoder: any Decoder) throws { throw ForeignCoder.refuse(decoder) }
}

extension BSONBinary: Codable {
    package func encode(to encoder: any Encoder) throws { try ForeignCoder.refuse(self, encoder) }

    package init(from decoder: any Decoder) throws { throw ForeignCoder.refuse(decoder) }
}

extension BSONObjectID: Codable {
    package func encode(to encoder: any Encoder) throws { try ForeignCoder.refuse(self, encoder) }

    package init(from decoder: any Decoder) throws { throw ForeignCoder.refuse(decoder) }
}
