import ArgumentParser
import FoundationEssentials
import Logging
import MongoClient
import RedisClient
import ReportController
import ReportStores

extension RunOptions {
    /// The servers outside the cluster, as far as they are named. Nothing is connected yet.
    func stores(logger: Logger) throws -> OutsideStores {
        var stores = OutsideStores()
        if let text = try secret(mongodbUri, file: mongodbUriFile, option: "--mongodb-uri", logger: logger) {
            do throws(MongoError) {
                let uri = try MongoURI(text)
                stores.records = ReportStore(client: MongoClient(uri, logger: logger))
                stores.keepsStageLogs = stageLogs == .on
                logger.info("Keeping records", metadata: ["mongodb": "\(uri.sanitized)"])
            } catch {
                throw ValidationError("--mongodb-uri: \(error.message)")
            }
        }
        if let text = try secret(redisUrl, file: redisUrlFile, option: "--redis-url", logger: logger) {
            do throws(RedisError) {
                let configuration = try RedisConfiguration(url: text)
                stores.redis = OutsideStores.Redis(
                    connection: RedisConnection(configuration, logger: logger),
                    lockLease: .seconds(sharedLockLease),
                    intake: intakeStream == "off"
                        ? nil
                        : IntakeOptions(
                            namespace: intakeNamespace ?? namespace ?? "default", streamName: intakeStream,
                            consumer: intakeConsumer, allowsInlinePipelines: intakeInlinePipelines,
                            patience: .seconds(intakePatience)))
                logger.info("Using Redis", metadata: ["redis": "\(configuration.sanitizedURL)"])
            } catch {
                throw ValidationError("--redis-url: \(error.message)")
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
