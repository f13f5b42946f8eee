import ArgumentParser

/// Does the same for each of several names: a failure with one doesn't keep the others from their turn.
struct EachName {
    /// How the program is to end: as the first that went wrong says.
    private(set) var code: ExitCode?
    private let tell: (Trouble) -> Void

    init(tell: @escaping (Trouble) -> Void = Out.trouble) { self.tell = tell }

    /// Nil where there was trouble, which has been told then. Ctrl-C is meant for all of them, and thrown.
    mutating func run<Value>(_ body: () async throws -> Value) async throws -> Value? {
        do {
            return try await body()
        } catch let trouble as Trouble {
            tell(trouble)
            code = code ?? trouble.code
        } catch let exit as ExitCode {
            if exit == .interrupted { throw exit }
            code = code ?? exit
        }
        return nil
    }

    func conclude() throws {
        if let code { throw code }
    }
}
