import FoundationEssentials
import JSONReading
import KubernetesModel

/// One line of a watch, decoded in one pass: what its object should be follows from its type.
struct WatchFrame<Resource: KubernetesResource>: Decodable {
    let event: WatchEvent<Resource>

    private enum CodingKeys: String, CodingKey { case type, object, kind }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard let type = try container.decodeIfPresent(String.self, forKey: .type) else {
            // Some proxies, and the server in a hurry, write a bare Status.
            if try container.decodeIfPresent(String.self, forKey: .kind) == "Status" {
                event = .status(try APIStatus(from: decoder))
                return
            }
            throw DecodingError.keyNotFound(
                CodingKeys.type, .init(codingPath: [], debugDescription: "a line of a watch has a type"))
        }
        switch type {
        case "ADDED": event = Self.change(in: container, WatchEvent.added)
        case "MODIFIED": event = Self.change(in: container, WatchEvent.modified)
        case "DELETED":
            let change = Self.change(in: container, WatchEvent.deleted)
            guard case .undecodable(var object) = change else {
                event = change
                return
            }
            // It is gone, whatever it was.
            object.isDeleted = true
            event = .undecodable(object)
        case "BOOKMARK":
            let object = try container.decode(UndecodableObject.self, forKey: .object)
            event = .bookmark(resourceVersion: object.resourceVersion)
        case "ERROR":
            event = .status(try container.decode(APIStatus.self, forKey: .object))
        default:
            event = Self.undecodable(in: container, "unknown event type \(type.head(bytes: 64))")
        }
    }

    private static func change(
        in container: KeyedDecodingContainer<CodingKeys>, _ make: (Resource) -> WatchEvent<Resource>
    ) -> WatchEvent<Resource> {
        do {
            return make(try container.decode(Resource.self, forKey: .object))
        } catch {
            return undecodable(in: container, (error as? DecodingError)?.pathAndReason ?? "\(error)")
        }
    }

    private static func undecodable(
        in container: KeyedDecodingContainer<CodingKeys>, _ message: String
    ) -> WatchEvent<Resource> {
        var object = (try? container.decode(UndecodableObject.self, forKey: .object)) ?? UndecodableObject(message: "")
        object.message = message
        return .undecodable(object)
    }
}

extension WatchEvent {
    /// Reads one frame; nothing about it makes this fail.
    init(_ frame: FrameSplitter.Frame) {
        switch frame {
        case .tooLong(let byteCount):
            self = .undecodable(UndecodableObject(message: "a line of \(byteCount) bytes is too long"))
        case .line(let line):
            do {
                self = try JSONReader().decode(WatchFrame<Resource>.self, from: line).event
            } catch {
                let message = (error as? DecodingError)?.pathAndReason ?? "\(error)"
                self = .undecodable(UndecodableObject(message: message))
            }
        }
    }
}
