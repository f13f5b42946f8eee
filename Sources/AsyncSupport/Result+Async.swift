extension Result {
    /// What a call comes to, as a value: Swift 6.3.1 crashes on or miscompiles some `catch` clauses of typed throws in
    /// async functions.
    public init(catching body: () async throws(Failure) -> Success) async {
        do throws(Failure) {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
