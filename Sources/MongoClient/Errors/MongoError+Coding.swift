extension MongoError {
    /// What a coder stumbled over, with the way to it.
    init(coding error: any Error) {
        let (path, text): ([any CodingKey], String) =
            switch error {
            case EncodingError.invalidValue(_, let context): (context.codingPath, context.debugDescription)
            case DecodingError.dataCorrupted(let context): (context.codingPath, context.debugDescription)
            case DecodingError.keyNotFound(let key, let context):
                (context.codingPath, "the field \(key.stringValue) is missing")
            case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
                (context.codingPath, context.debugDescription)
            default: ([], "\(error)")
            }
        let place = path.map(\.stringValue).joined(separator: ".")
        self.init(kind: .coding, message: place.isEmpty ? text : "\(place): \(text)")
    }
}
