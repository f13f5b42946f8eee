import FoundationEssentials
import KubernetesModel
import Testing

@testable import ReportClient

/// Where the addresses of servers outside the cluster are read.
struct AddressBookTests {
    private func book(_ environment: [String: String] = [:]) -> AddressBook {
        AddressBook(environment: environment, namespace: "reports")
    }

    private func secret(_ text: String, key: String = "uri") -> JSONValue {
        .object(["data": .object([key: .string(Data(text.utf8).base64EncodedString())])])
    }

    /// What is wrong, in the words of its case.
    private func refusal(_ body: () throws(AddressRefusal) -> ServerAddress?) -> String? {
        do throws(AddressRefusal) {
            _ = try body()
            return nil
        } catch {
            switch error {
            case .unreadable(let file): return "unreadable \(file)"
            case .empty(let source): return "empty \(source)"
            case .withoutKey(let source, let key): return "\(source) without \(key)"
            case .notShown, .api: return "\(error)"
            }
        }
    }

    @Test func theEnvironmentGoesBeforeTheInstallation() throws {
        let book = book(["MONGODB_URI": " mongodb://a \n", "REDIS_URL": ""])
        let address = try book.givenAddress(of: .mongodb, file: nil)
        #expect(address?.text == "mongodb://a" && address?.source == "$MONGODB_URI")
        #expect(try book.givenAddress(of: .redis, file: nil) == nil)
        #expect(book.isGiven(.mongodb, file: nil) && !book.isGiven(.redis, file: nil))
        #expect(book.isGiven(.redis, file: "address"))
    }

    @Test func aFileThatIsNotThereIsNamed() {
        let book = book(["MONGODB_URI": "mongodb://a"])
        #expect(
            refusal { () throws(AddressRefusal) in try book.givenAddress(of: .mongodb, file: "/no/such/file") }
                == "unreadable /no/such/file")
    }

    @Test func theSecretOfTheInstallationIsRead() throws {
        let address = try book().address(of: .mongodb, in: secret("mongodb://b\n"))
        #expect(address.text == "mongodb://b")
        #expect(address.source == "the Secret report-operator-mongodb in namespace reports")
    }

    @Test func aSecretWithoutAnAddressSaysWhatIsMissing() {
        let place = "the Secret report-operator-mongodb in namespace reports"
        #expect(
            refusal { () throws(AddressRefusal) in try book().address(of: .mongodb, in: secret("x", key: "url")) }
                == "\(place) without uri")
        #expect(
            refusal { () throws(AddressRefusal) in try book().address(of: .mongodb, in: secret(" \n")) }
                == "empty \(place)")
    }
}
