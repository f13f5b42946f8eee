import AsyncSupport
import Foundation

/// A mail as a reader has it: parsed by Python's `email`, no code of ours.
package struct ReceivedMail: Decodable, Sendable {
    package struct File: Decodable, Sendable {
        package var name: String?
        package var type: String
        package var size: Int
        package var sha256: String
        package var disposition: String?
    }

    /// Where it lies.
    package var path: String
    /// Each field in order, decoded: a name and a value.
    package var fields: [[String]]
    package var text: String?
    package var html: String?
    package var files: [File]
    /// What isn't as the standards want it.
    package var defects: [String]

    /// The one value of a field; nil where there is none, or more than one.
    package subscript(name: String) -> String? {
        let values = fields.filter { $0[0].lowercased() == name.lowercased() }.map { $0[1] }
        return values.count == 1 ? values[0] : nil
    }

    /// The recipient that the server was given, whatever the mail itself says.
    package var originalRecipient: String? { self["X-Original-To"] }

    /// The names of its fields but those of servers on its way, in order.
    package var ownFieldNames: [String] {
        fields.map { $0[0] }.filter { !["Return-Path", "X-Original-To", "Delivered-To", "Received"].contains($0) }
    }

    package static func parse(_ paths: [String]) async throws -> [ReceivedMail] {
        guard !paths.isEmpty else { return [] }
        let output = try await ChildProcess.output(
            of: "/usr/bin/python3", arguments: ["-c", script] + paths,
            environment: ["PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "utf-8"], inheritsInput: false,
            timeout: .seconds(60))
        return try JSONDecoder().decode([ReceivedMail].self, from: output)
    }

    private static let script = """
        import email, email.policy, hashlib, json, sys

        def parsed(path):
            with open(path, 'rb') as file:
                m = email.message_from_binary_file(file, policy=email.policy.default)
            def body(kind):
                part = m.get_body((kind,))
                return part and part.get_content()
            files = []
            for part in m.iter_attachments():
                content = part.get_content()
                content = content.encode() if isinstance(content, str) else content
                files.append(dict(name=part.get_filename(), type=part.get_content_type(), size=len(content),
                                  sha256=hashlib.sha256(content).hexdigest(),
                                  disposition=part.get_content_disposition()))
            defects = [f'{p.get_content_type()}: {d!r}' for p in m.walk() for d in p.defects]
            defects += [f'{k}: {d!r}' for p in m.walk() for k, v in p.items() for d in v.defects]
            return dict(path=path, fields=[[k, str(v)] for k, v in m.items()], text=body('plain'), html=body('html'),
                        files=files, defects=defects)

        json.dump([parsed(path) for path in sys.argv[1:]], sys.stdout)
        """
}
