import Logging
import MongoClient
import Testing

@Suite struct MongoURITests {
    @Test func sanitizedTextHasNoSecret() throws {
        let uri = try MongoURI(
            "mongodb://dana:s3cr%3At@db-0:27017,db-1:27017/reports?replicaSet=rs0&authSource=admin"
                + "&tls=true&tlsCertificateKeyFilePassword=hush&w=majority")
        #expect(
            uri.sanitized == "mongodb://***@db-0:27017,db-1:27017/reports?replicaSet=rs0&authSource=admin"
                + "&tls=true&tlsCertificateKeyFilePassword=***&w=majority")
        #expect(uri.database == "reports")
        var dumped = ""
        dump(uri, to: &dumped)
        for text in ["\(uri)", String(reflecting: uri), dumped] {
            #expect(!text.contains("s3cr") && !text.contains("hush") && !text.contains("dana"))
        }
    }

    @Test(arguments: [
        "", "db:27017", "http://dana:hunter22@db/", "mongodb://dana:hunt@er22@db/", "mongodb://dana:hunt/er22@db/",
        "mongodb://dana:hunter22%@db/", "mongodb://dana:hunter22@", "mongodb://dana:hunter22@db:port/",
        "mongodb://dana:hunter22@db:99999/", "mongodb://dana:hunt:er22@db/?tls=maybe", "mongodb://[::1/hunter22@x",
        "mongodb://dana:hunter22@db/?tls=hunter22",
        "mongodb://dana:hunter22@db/?serverSelectionTimeoutMS=hunter22x", "mongodb://dana:hunter22@db/\0",
        "mongodb+srv://dana:hunter22@one.two/",
    ])
    func whatCannotBeReadIsToldWithoutSecrets(text: String) {
        do throws(MongoError) {
            // Values that the library only warns of are fine too, as long as nothing is shown.
            let uri = try MongoURI(text)
            #expect(!uri.sanitized.contains("hunt") && !uri.sanitized.contains("er22"))
        } catch {
            #expect(error.kind == .invalidURI)
            #expect(!"\(error)".contains("hunt") && !"\(error)".contains("er22") && !"\(error)".contains("dana"))
            #expect(error.message.contains("mongodb://user:password@host"))
        }
    }

    @Test func aPasswordThatIsNotEncodedGetsAHint() {
        #expect {
            try MongoURI("mongodb://dana:hunt/er@22@db/")
        } throws: { ($0 as? MongoError)?.message.contains("@ as %40") == true }
    }

    @Test func anUnusedClientHasNoThread() throws {
        let client = MongoClient(try MongoURI("mongodb://127.0.0.1:1/"), logger: Logger(label: "tests"))
        #expect(client.threadCount == 0)
    }
}
