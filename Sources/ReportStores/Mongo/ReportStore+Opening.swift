package import Logging
internal import MongoClient

extension ReportStore {
    /// The history at an address, for a program that reads and is gone again; nothing is connected yet.
    package init(address: String, applicationName: String, logger: Logger) throws(AddressFault) {
        do throws(MongoError) {
            var options = MongoOptions()
            options.applicationName = applicationName
            self.init(client: MongoClient(try MongoURI(address), options: options, logger: logger))
        } catch {
            throw AddressFault(description: error.message)
        }
    }

    /// To be called by a program that may end without any clean-up: the driver would leave a file behind.
    package static func discardCounters() { MongoClient.discardCounters() }
}
