import Testing

@testable import ReportClient

struct KubeletErrorsTests {
    private static let missing =
        #"rpc error: code = NotFound desc = an error occurred when try to find container "0a1b": not found"#
    private static let unable = "unable to retrieve container logs for containerd://0a1b"
    private static let line = "2026-11-21T12:00:00.1Z a"

    /// What is printed of these lines, and whether the kubelet ended them.
    private func read(_ lines: [String]) -> (printed: [String], isCut: Bool) {
        var errors = KubeletErrors()
        let printed = lines.flatMap { errors.pass($0) }
        return (printed, errors.isPending)
    }

    @Test(arguments: [[missing], [unable], [missing, unable]])
    func anErrorAtTheEndIsNotTheLogs(errors: [String]) {
        let (printed, isCut) = read([Self.line] + errors)
        #expect(printed == [Self.line] && isCut)
    }

    @Test func whatGoesOnIsNoError() {
        let lines = [Self.line, Self.missing, Self.unable, Self.line]
        let (printed, isCut) = read(lines)
        #expect(printed == lines && !isCut)
    }

    @Test(
        arguments: [
            // A stage's line bears its moment.
            "2026-11-21T12:00:00.1Z \(unable)", "2026-11-21T12:00:00.1Z \(missing)", "\(unable) of extract",
            "unable to retrieve container logs", "unable to retrieve container logs for ://", " \(unable)",
            "rpc error: code = Unknown desc = broken", "",
        ])
    func otherLinesAreTheLogs(line: String) {
        let (printed, isCut) = read([line])
        #expect(printed == [line] && !isCut)
    }
}
