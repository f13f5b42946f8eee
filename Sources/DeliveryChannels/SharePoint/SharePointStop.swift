import HTTPTransport

/// Why a file isn't stored: the outcome that it means, which says what to do.
package struct SharePointStop: Error, Hashable, Sendable {
    package let outcome: SendOutcome
    /// Of the answer that says so; nil where there was none.
    let status: Int?

    /// Of what concerns one file: others needn't wait until the channel has been tried.
    static let ownPause = Duration.seconds(30)

    init(_ outcome: SendOutcome) {
        self.outcome = outcome
        status = nil
    }

    /// `server`: the one that the call was for.
    init(_ fault: GraphFault, server: String) { self.init(fault.outcome(server: server)) }

    /// `place`: the site, as people know it; `name`: of the file, nil where none is written.
    init(_ answer: GraphAnswer, place: String, name: String? = nil) {
        let words = answer.words
        status = answer.status
        outcome =
            switch answer.status {
            case 300..<400: .misconfigured(words: "\(words), a redirect, which isn't followed")
            case 401:
                .misconfigured(
                    words: "\(words); a new token isn't taken. Check that tenant is the directory of \(place)")
            case 403 where name == nil:
                .misconfigured(
                    words: "\(words). The application may not use \(place): give it Microsoft Graph's application "
                        + "permission Sites.Selected with an administrator's consent, and grant it the role write on "
                        + "this site (POST /sites/{id}/permissions); see docs/channels.md")
            case 403:
                .misconfigured(
                    words: "\(words). The application may read \(place), not write: grant it the role write on this "
                        + "site (POST /sites/{id}/permissions); see docs/channels.md")
            case 404 where name == nil:
                .misconfigured(
                    words: "\(words). \(place) was not found; check sharePoint.site, and that the application has a "
                        + "role on it")
            case 404: .deferred(words: "\(words); the library of \(place) is looked for again", after: answer.after)
            case 409:
                .deferred(
                    words: "\(words); somebody else writes \(name ?? "there")", after: answer.after ?? Self.ownPause)
            case 413: .refused(words: "\(words); \(name ?? "the file") is too large for \(place)")
            case 423:
                .deferred(
                    words: "\(name ?? "The file") is open or checked out in SharePoint, and is replaced once it is "
                        + "closed: \(words)", after: answer.after ?? Self.ownPause)
            case 507:
                .deferred(
                    words: "The storage of \(place) is full; free some, or raise its quota: \(words)",
                    after: answer.after)
            case _ where answer.mayPass: .deferred(words: words, after: answer.after)
            default: .refused(words: words)
            }
    }

    var trial: ChannelTrial {
        switch outcome {
        case .sent(_, let words): .works(words: words)
        case .refused(let words), .misconfigured(let words): .misconfigured(words: words)
        case .deferred(let words, _), .uncertain(let words): .unreachable(words: words)
        }
    }
}
