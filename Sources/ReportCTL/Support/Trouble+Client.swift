import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportClient
import ReportStores

extension Trouble {
    /// What went wrong, to the person at the terminal, and what helps.
    init(_ error: ClientError, session: Session) {
        switch error {
        case .api(let error): self.init(error, session: session)
        case .selector(let selector, let error):
            self.init(
                "--selector: \"\(selector)\" is not a label selector: \(error.message)",
                advice: ["for example: -l team=finance,env!=test"], code: .usage)
        case .notFound(let kind, let name, let namespace):
            self.init(notFound: kind, name, namespace, session: session)
        case .creationUnknown(let kind, let name, let error):
            let (noun, look) =
                kind == ReportRequest.resourceKind
                ? ("", session.command("describe", name))
                : ("the Job ", "kubectl get job \(name) -n \(session.namespace)")
            self.init(
                "the API server doesn't say whether it made \(noun)\(name): \(error.message)",
                advice: ["before you try again, see whether it is there: \(look)"])
        case .retry(let refusal, let name, let pipeline):
            self.init(refusal, of: name, pipeline: pipeline, session: session)
        case .schedule(let refusal, let name): self.init(refusal, of: name, session: session)
        case .store(let trouble): self.init(trouble, session: session)
        case .notRecorded(let report, let namespace):
            self.init(
                "the record has no report \"\(report)\": neither by id, nor by a request's name in namespace \(namespace)",
                advice: [session.command("history"), session.commandEverywhere("history")])
        case .noFile(let reason): self.init("there is no such file: \(reason)")
        case .noCourier(let limit):
            self.init(
                "no courier has made the file within \(limit.components.seconds) s",
                advice: [
                    "is one installed, and does it run? kubectl get deployment report-courier -n report-operator",
                    "a large report may take longer: --timeout SECONDS",
                ])
        }
    }

    private init(notFound kind: ResourceKind, _ name: String, _ namespace: String, session: Session) {
        switch kind {
        case ReportRequest.resourceKind:
            self.init(
                "there is no report request \"\(name)\" in namespace \(namespace)",
                advice: [
                    session.command("list"), session.commandEverywhere("list"),
                    "or, if it was deleted: \(session.command("history", "--name", name))",
                ])
        case ReportSchedule.resourceKind:
            self.init(
                "there is no report schedule \"\(name)\" in namespace \(namespace)",
                advice: [session.command("schedules"), session.commandEverywhere("schedules")])
        default:
            self.init(
                "there is no report pipeline \"\(name)\" in namespace \(namespace)",
                advice: [session.command("pipelines"), session.commandEverywhere("pipelines")])
        }
    }

    init(_ refusal: RetryRefusal, of name: String, pipeline: String?, session: Session) {
        let anew = [session.command("submit", pipeline ?? "PIPELINE", "-p", "NAME=VALUE")]
        switch refusal {
        case .beingDeleted:
            self.init("\(name) is being deleted and can't be retried: make a new request", advice: anew)
        case .succeeded:
            self.init("\(name) has already succeeded and can't be retried: make a new request", advice: anew)
        case .notOver(let attempt, let phase):
            self.init(
                "\(name) is not over: attempt \(attempt) is \(phase?.rawValue ?? "not begun yet")",
                advice: [session.command("watch", name), session.command("cancel", name)])
        }
    }

    init(_ refusal: ScheduleRefusal, of name: String, session: Session) {
        let advice = [session.command("schedules"), session.command("doctor")]
        switch refusal {
        case .notReady(let message): self.init("\(name) is not ready: \(message)", advice: advice)
        case .withoutCronJob(let message):
            self.init("\(name) has no CronJob yet: \(message ?? "the operator hasn't seen it")", advice: advice)
        case .cronJobGone(let cronJob):
            self.init("the CronJob \"\(cronJob)\" is gone", advice: [session.command("schedules")])
        case .unanswered(let job, let seconds):
            self.init(
                "the operator has made no request of Job \(job) within \(seconds) seconds",
                advice: [
                    session.command("schedules", "-o", "wide"), session.command("doctor"),
                    "take it back: kubectl delete job \(job) -n \(session.namespace)",
                ])
        }
    }

    init(_ trouble: StoreTrouble, session: Session) {
        // What the operator would do isn't done here.
        let text = trouble.description.replacing("; it is tried again", with: "").replacing(
            ": it is tried again", with: "")
        self.init(
            text,
            advice: trouble.isSilence
                ? [
                    "an address that only pods can reach needs a tunnel: kubectl port-forward, then export MONGODB_URI=…"
                ]
                : [session.command("doctor")])
    }
}
