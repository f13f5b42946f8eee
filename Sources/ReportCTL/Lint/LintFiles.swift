import FoundationEssentials
import Glibc
import KubernetesModel
import ReportPlanning
import YAMLCoding

/// Files of manifests, as they are named on a command line.
enum LintFiles {
    private static let endings = [".yaml", ".yml", ".json"]

    /// The objects of them, and what of them isn't YAML.
    static func read(_ files: [String]) throws -> (manifests: [LintManifest], findings: [LintFinding]) {
        var manifests: [LintManifest] = []
        var findings: [LintFinding] = []
        for file in try files.flatMap(contents) {
            switch documents(of: try data(of: file), named: file == "-" ? "standard input" : file) {
            case .success(let found): manifests += found
            case .failure(let finding): findings.append(finding.finding)
            }
        }
        return (manifests, findings)
    }

    struct Unreadable: Error {
        let finding: LintFinding
    }

    static func documents(of data: Data, named file: String) -> Result<[LintManifest], Unreadable> {
        do throws(YAMLError) {
            return .success(
                try YAMLDecoder().decodeEach(JSONValue.self, from: data).map {
                    LintManifest(place: "\(file):\($0.line)", object: $0.value)
                })
        } catch {
            let finding = LintFinding(
                .error, place: "\(file):\(error.line ?? 1)", subject: "YAML", message: error.description)
            return .failure(Unreadable(finding: finding))
        }
    }

    /// The file itself, or those of a folder and the folders in it, in the order of their names.
    private static func contents(of path: String) throws -> [String] {
        var isFolder = false
        guard path != "-" else { return [path] }
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Trouble("\(path): there is no such file or folder", code: .usage)
        }
        guard isFolder else { return [path] }
        let inside = (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []
        return inside.filter { name in endings.contains { name.hasSuffix($0) } }.sorted().map {
            path.hasSuffix("/") ? path + $0 : "\(path)/\($0)"
        }
    }

    private static func data(of file: String) throws -> Data {
        guard file == "-" else {
            guard let data = FileManager.default.contents(atPath: file) else {
                throw Trouble("\(file): can't be read", code: .usage)
            }
            return data
        }
        var data = Data()
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Trouble("standard input can't be read", code: .usage) }
            if count == 0 { return data }
            data.append(contentsOf: buffer[..<count])
        }
    }
}
