package import Logging
internal import MongoClient

extension ReportStore {
    /// The history at an address; nothing is connected yet.
    package init(
        address: String, applicationName: String = "report-operator", threadLimit: Int = 4,
        followsChanges: Bool = false,
        logger: Logger
    ) throws(AddressFault) {
        do throws(MongoError) {
            var options = MongoOptions()
            options.applicationName = applicationName
            options.threadLimit = threadLimit
            // Longer than a change stream waits for a change.
            if followsChanges { options.socketTimeout = .seconds(60) }
            self.init(client: MongoClient(try MongoURI(address), options: options, logger: logger))
        } catch {
            throw AddressFault(description: error.message)
        }
    }

    /// Its address without a password, for logs.
    package var sanitizedAddress: String { client.uri.sanitized }

    /// To be called by a program that may end without any clean-up: the driver would leave a file behind.
    package static func discardCounters() { MongoClient.discardCounters() }
}
