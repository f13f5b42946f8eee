import FoundationEssentials
import YAMLCoding

extension Kubeconfig {
    /// The list that one file holds.
    private struct File: Decodable {
        struct NamedCluster: Decodable {
            var name: String
            var cluster: Cluster?
        }

        struct NamedUser: Decodable {
            var name: String
            var user: User?
        }

        struct NamedContext: Decodable {
            var name: String
            var context: Context?
        }

        var currentContext: String?
        var clusters: [NamedCluster]?
        var users: [NamedUser]?
        var contexts: [NamedContext]?

        enum CodingKeys: String, CodingKey {
            case clusters, users, contexts
            case currentContext = "current-context"
        }
    }

    /// One file; an empty one is an empty configuration.
    init(file path: String) throws(ConfigurationError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError("The file can't be read", file: path)
        }
        let read: File?
        do throws(YAMLError) {
            read = try YAMLDecoder().decode(File?.self, from: data)
        } catch {
            let place = error.line.map { ":\($0):\(error.column ?? 1)" } ?? ""
            throw ConfigurationError(
                error.message, file: path + place, field: error.path.isEmpty ? nil : error.path)
        }
        currentContext = read?.currentContext
        // Of two entries of one name in a file the last counts, as in client-go.
        for named in read?.clusters ?? [] {
            clusters[named.name] = Entry(value: named.cluster ?? Cluster(), file: path)
        }
        for named in read?.users ?? [] { users[named.name] = Entry(value: named.user ?? User(), file: path) }
        for named in read?.contexts ?? [] {
            contexts[named.name] = Entry(value: named.context ?? Context(), file: path)
        }
    }

    /// The files of `KUBECONFIG`, merged: missing ones are passed over.
    static func merged(list: String) throws(ConfigurationError) -> (config: Kubeconfig, warnings: [String]) {
        var config = Kubeconfig()
        var seen: Set<String> = []
        var found = 0
        var problems: [ConfigurationError] = []
        for path in list.split(separator: ":").map(String.init) where seen.insert(path).inserted {
            guard FileManager.default.fileExists(atPath: path) else { continue }
            found += 1
            do throws(ConfigurationError) {
                config.merge(try Kubeconfig(file: path))
            } catch {
                problems.append(error)
            }
        }
        if problems.count == 1 { throw problems[0] }
        if !problems.isEmpty { throw ConfigurationError(problems.map(\.description).joined(separator: "; ")) }
        return (config, found == 0 ? ["KUBECONFIG names no file that exists: \(list)"] : [])
    }
}

extension Kubeconfig.Entry {
    /// A path in this entry, which is relative to the folder of its file.
    func resolved(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
        return folder + path
    }
}
