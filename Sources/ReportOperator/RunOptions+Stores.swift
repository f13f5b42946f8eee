import ArgumentParser
import FoundationEssentials
import Logging
import ReportController
import ReportStores

extension RunOptions {
    /// The servers outside the cluster, as far as they are named. Nothing is connected yet.
    func stores(logger: Logger) throws -> OutsideStores {
        var stores = OutsideStores()
        if let text = try secret(mongodbUri, file: mongodbUriFile, option: "--mongodb-uri", logger: logger) {
            do throws(AddressFault) {
                let records = try ReportStore(address: text, logger: logger)
                stores.records = records
                stores.keepsStageLogs = stageLogs == .on
                logger.info("Keeping records", metadata: ["mongodb": "\(records.sanitizedAddress)"])
            } catch {
                throw ValidationError("--mongodb-uri: \(error)")
            }
        }
        if let text = try secret(redisUrl, file: redisUrlFile, option: "--redis-url", logger: logger) {
            do throws(AddressFault) {
                let server = try RedisServer(address: text, logger: logger)
                stores.redis = OutsideStores.Redis(
                    server: server,
                    lockLease: .seconds(sharedLockLease),
                    intake: intakeStream == "off"
                        ? nil
                        : IntakeOptions(
                            namespace: intakeNamespace ?? namespace ?? "default", streamName: intakeStream,
                            consumer: intakeConsumer, allowsInlinePipelines: intakeInlinePipelines,
                            patience: .seconds(intakePatience)))
                logger.info("Using Redis", metadata: ["redis": "\(server.sanitizedAddress)"])
            } catch {
                throw ValidationError("--redis-url: \(error)")
            }
        }
        return stores
    }

    /// The value, or what the file holds, without the line's end that editors put behind it.
    ///
    /// A file that isn't there counts as no value if its folder is: a Secret that may be absent is mounted as an empty folder.
    private func secret(_ value: String?, file: String?, option: String, logger: Logger) throws -> String? {
        if let value { return value }
        guard let file else { return nil }
        guard let data = FileManager.default.contents(atPath: file) else {
            let folder = file.prefix(upTo: file.lastIndex(of: "/") ?? file.startIndex)
            guard !folder.isEmpty, FileManager.default.fileExists(atPath: String(folder)),
                !FileManager.default.fileExists(atPath: file)
            else { throw ValidationError("\(option)-file: \(file) can't be read") }
            logger.notice(
                "Not configured: the file isn't there", metadata: ["option": "\(option)-file", "file": "\(file)"])
            return nil
        }
        var text = Substring(decoding: data, as: UTF8.self)
        while text.last?.isWhitespace == true { text.removeLast() }
        guard !text.isEmpty else { throw ValidationError("\(option)-file: \(file) is empty") }
        return String(text)
    }
}
