import Digests
import ReportAPI
import ReportRecords
import ReportStores

/// Whether a file that a stage has published may go to readers in place of one made of the rows.
struct StageFileCheck {
    let store: ReportStore
    /// What published it.
    let result: ReportResult

    /// In bytes.
    static let sizeLimit = 100 << 20

    /// Reads all of it. Throws `FileTrouble`, or `StoreTrouble`.
    func check(_ file: ReportResult.StageFile, format: OutputFormat) async throws {
        guard file.name.hasPrefix("\(result.uid)/\(result.attempt)/") else {
            throw fault(file, "it is not named as one of report \(result.uid), attempt \(result.attempt)")
        }
        guard file.size <= Self.sizeLimit else {
            throw fault(file, "it has \(file.size) bytes; at most \(Self.sizeLimit) are allowed")
        }
        let digest = DigestBox()
        var head: [UInt8] = []
        var size = 0
        do {
            try await store.stageFiles.read(file.name) { bytes in
                if head.count < 8 { head += bytes.prefix(8) }
                size += bytes.count
                guard size <= Self.sizeLimit else { throw fault(file, "it has more bytes than it says") }
                digest.update(bytes)
            }
        } catch let trouble as StoreTrouble where trouble.isMissing {
            throw fault(file, "\(trouble)")
        }
        guard size == file.size else { throw fault(file, "it has \(size) bytes, but \(file.size) were published") }
        guard digest.finish() == file.sha256 else { throw fault(file, "its bytes are not those that were published") }
        guard head.starts(with: format.firstBytes) else {
            throw fault(file, "its first bytes are not those of a \(format.rawValue) file")
        }
    }

    private func fault(_ file: ReportResult.StageFile, _ detail: String) -> FileTrouble {
        .permanent("StageFileInvalid: the file \(file.name) that a stage has published can't be used: \(detail)")
    }
}

/// A digest that a closure can hold.
private final class DigestBox {
    private var digest: SHA256? = SHA256()

    func update(_ bytes: [UInt8]) { digest?.update(bytes) }

    func finish() -> String {
        guard let digest = digest.take() else { return "" }
        return digest.finish()
    }
}

extension OutputFormat {
    /// What each file of the format begins with; empty where that isn't always the same.
    var firstBytes: [UInt8] {
        switch self {
        case .pdf: Array("%PDF-".utf8)
        case .xlsx: [0x50, 0x4B, 3, 4]
        case .csv, .html, .json: []
        }
    }
}
