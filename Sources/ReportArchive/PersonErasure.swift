package import BSON

/// Takes people out of a report's documents: out of the members that say who asked for it and to whom it goes, and out of no
/// other.
///
/// Rows, files, parameters, logs and what people wrote stay as they are.
package struct PersonErasure: Sendable {
    /// What replaces an address; nil of one that stays.
    private let placeholder: @Sendable (String) -> String?

    /// What replaces the name of the person that asked.
    package static let name = "(erased)"

    package init(_ placeholder: @escaping @Sendable (String) -> String?) { self.placeholder = placeholder }

    /// Nil where it names nobody that was erased.
    package func edited(_ document: BSONDocument, _ kind: ArchiveKind) -> BSONDocument? {
        switch kind {
        case .record:
            document.replacing([
                "requester": requester, "deliveries": entries, "failureNotice": entry, "pinned": pipeline,
            ])
        case .event:
            document.replacing([
                "asked": { $0.document?.replacing(["requester": requester]).map(BSONValue.document) },
                "accepted": { accepted in
                    accepted.document?.replacing([
                        "deliveries": entries, "failureNotice": entry, "pipeline": pipeline,
                    ]).map(BSONValue.document)
                },
            ])
        case .delivery: copy(document)
        case .log, .result, .rows, .file, .chunk, .stageFile, .stageChunk: nil
        }
    }

    /// The same of a part of an archive.
    package func edited(_ part: ArchivePart) -> ArchivePart {
        var part = part
        part.requester = part.requester.map { placeholder($0) ?? $0 }
        return part
    }

    private func requester(_ value: BSONValue) -> BSONValue? {
        guard let requester = value.document, let email = requester["email"]?.string,
            let placeholder = placeholder(email)
        else { return nil }
        let edits: [String: (BSONValue) -> BSONValue?] = [
            "email": { _ in .string(placeholder) }, "name": { _ in .string(Self.name) },
        ]
        return requester.replacing(edits).map(BSONValue.document)
    }

    /// One recipient's copy. Its id ends with the recipient.
    private func copy(_ document: BSONDocument) -> BSONDocument? {
        guard let recipient = document["recipient"]?.string, let placeholder = placeholder(recipient) else {
            return nil
        }
        let end = "/\(recipient.lowercased())"
        return document.replacing([
            "recipient": { _ in .string(placeholder) },
            "_id": { id in
                id.string.flatMap { $0.hasSuffix(end) ? .string("\($0.dropLast(end.count))/\(placeholder)") : nil }
            },
            // Servers name the recipients they couldn't give it to.
            "detail": { detail in
                detail.string.flatMap { AddressSearch(recipient).replaced(in: $0, by: placeholder) }
                    .map(BSONValue.string)
            },
        ])
    }

    /// A pipeline, of which its list of deliveries counts.
    private func pipeline(_ value: BSONValue) -> BSONValue? {
        value.document?.replacing([
            "deliver": entries,
            "json": { json in text(json) { $0.count == 2 && $0[0] == "deliver" && Self.isAddress($0[1]) } },
        ]).map(BSONValue.document)
    }

    private func entries(_ value: BSONValue) -> BSONValue? {
        Self.each(value) { entry($0) }
    }

    private func entry(_ value: BSONValue) -> BSONValue? {
        value.document?.replacing([
            "to": { list in Self.each(list, address) }, "cc": { list in Self.each(list, address) },
            "replyTo": address,
            "json": { json in text(json) { $0.count == 1 && Self.isAddress($0[0]) } },
        ]).map(BSONValue.document)
    }

    private static func isAddress(_ member: String) -> Bool { ["to", "cc", "replyTo"].contains(member) }

    private func address(_ value: BSONValue) -> BSONValue? {
        value.string.flatMap(placeholder).map(BSONValue.string)
    }

    private func text(_ value: BSONValue, _ isMeant: ([String]) -> Bool) -> BSONValue? {
        value.string.flatMap { json in
            JSONTextEdit.edited(json) { path, text in isMeant(path) ? placeholder(text) : nil }
        }.map(BSONValue.string)
    }

    /// Nil where none of the list's values changes.
    private static func each(_ value: BSONValue, _ edit: (BSONValue) -> BSONValue?) -> BSONValue? {
        guard let list = value.array else { return nil }
        let edited = list.map(edit)
        guard edited.contains(where: { $0 != nil }) else { return nil }
        return .array(zip(list, edited).map { $1 ?? $0 })
    }
}
