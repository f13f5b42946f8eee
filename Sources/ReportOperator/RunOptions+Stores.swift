import ArgumentParser
import DaemonSupport
import Logging
import ReportController
import ReportStores

extension RunOptions {
    /// The servers outside the cluster, as far as they are named. Nothing is connected yet.
    func stores(logger: Logger) throws -> OutsideStores {
        var stores = OutsideStores()
        if let text = try mongodb.address(logger: logger) {
            do throws(AddressFault) {
                let records = try ReportStore(address: text, logger: logger)
                stores.records = records
                stores.keepsStageLogs = stageLogs == .on
                logger.info("Keeping records", metadata: ["mongodb": "\(records.sanitizedAddress)"])
            } catch {
                throw ValidationError("--mongodb-uri: \(error)")
            }
        }
        let redis = SecretOption(value: redisUrl, file: redisUrlFile, name: "--redis-url")
        if let text = try redis.text(logger: logger) {
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
                            allowsRecipients: intakeRecipients,
                            patience: .seconds(intakePatience)))
                logger.info("Using Redis", metadata: ["redis": "\(server.sanitizedAddress)"])
            } catch {
                throw ValidationError("--redis-url: \(error)")
            }
        }
        return stores
    }
}
