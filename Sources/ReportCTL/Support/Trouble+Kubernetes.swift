import KubernetesClient
import KubernetesModel
import ReportAPI

extension Trouble {
    /// What a failed request to the API server means to the person at the terminal.
    init(_ error: KubernetesError, session: Session) {
        switch error.kind {
        case .api where error.isForbidden:
            self.init(
                "you don't have permission: \(error.message)",
                advice: [
                    "ask the namespace's administrator for the role view (to look) or edit (to submit, cancel and retry), then:",
                    session.command("doctor"),
                ])
        case .api where error.isUnauthorized:
            self.init(
                "the API server doesn't know you: \(error.message)",
                advice: ["log in again, then check: kubectl auth can-i list reportrequests.\(ReportsAPI.group)"])
        case .api where Self.isAboutTheKind(error):
            self.init(
                "this cluster doesn't know report resources: \(error.message)",
                advice: ["have the operator installed, then check:", session.command("doctor")])
        case .api:
            self.init("the API server refuses it: \(error.message)", advice: [session.command("doctor")])
        case .transport:
            self.init(
                "the API server can't be reached: \(error.message)",
                advice: ["check the address, then try: kubectl version"])
        case .credentials(let message):
            self.init("there are no credentials for the API server: \(message)")
        case .decoding(let message):
            self.init("the API server's answer can't be understood: \(message)", advice: [session.command("doctor")])
        case .cancelled:
            self.init("stopped", code: .interrupted)
        }
    }

    /// A 404 for a whole kind: the path itself isn't served, so no object is named.
    private static func isAboutTheKind(_ error: KubernetesError) -> Bool {
        error.isNotFound && (error.status?.details?.name ?? "").isEmpty
    }
}
