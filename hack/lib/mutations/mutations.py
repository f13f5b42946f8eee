"""What is switched off, by which change of the code, and which tests are to notice: data alone."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Edit:
    path: str
    # Stands in the file exactly once.
    find: str
    replace: str

    def fault(self, root: Path) -> str | None:
        """Why it doesn't fit the code in that folder."""
        file = root / self.path
        count = file.read_text().count(self.find) if file.exists() else 0
        return None if count == 1 else f"{self.path} has {self.find.strip().splitlines()[0]!r} {count} times"


@dataclass(frozen=True)
class Mutation:
    name: str
    # What the code then does, in a sentence.
    without: str
    edits: tuple[Edit, ...]
    # Patterns of tests (swift test --filter), as few as are enough.
    tests: tuple[str, ...]


MUTATIONS = [
    Mutation(
        "owner-of-job",
        "a Job counts as that request's whose uid stands in its label, whoever owns it",
        (
            Edit(
                "Sources/ReportController/Assembly/ClusterCache.swift",
                'job.requestUID.map { ["\\(OwnerKey(namespace: job.metadata.namespace, uid: $0))"] } ?? []',
                "job.metadata.labels[ReportsAPI.Label.requestUID].map {\n"
                '                    ["\\(OwnerKey(namespace: job.metadata.namespace, uid: $0))"]\n'
                "                } ?? []",
            ),
        ),
        (r"^ReportControllerTests\.OwnershipTests",),
    ),
    Mutation(
        "owner-of-pod",
        "a pod counts as a run's whose Job's name it says, whatever that Job's uid is",
        (
            Edit(
                "Sources/ReportPlanning/Jobs/Ownership.swift",
                "return stage.jobUID == nil || stage.jobUID == owner.uid",
                "return stage.job == owner.name",
            ),
        ),
        (r"^ReportControllerTests\.OwnershipTests",),
    ),
    Mutation(
        "watch-step",
        "a watch that goes on does so from the version of the last list, not of the last event",
        (
            Edit(
                "Sources/ControllerRuntime/Reflector/ReflectorState.swift",
                "    mutating func advance(to version: String) {\n        resourceVersion = version\n",
                "    mutating func advance(to version: String) {\n",
            ),
        ),
        (r"^ControllerRuntimeTests\.ReflectorStateTests",),
    ),
    Mutation(
        "watch-order",
        "an event that is older than what is known is taken for news",
        (
            Edit(
                "Sources/ControllerRuntime/Store/StoreState.swift",
                "        if let existing = objects[object.key], !existing.isOlder(than: object) { return }\n",
                "",
            ),
        ),
        (r"^ControllerRuntimeTests\.StoreStateTests",),
    ),
    Mutation(
        "death-timer",
        "a leader that can't renew its lease doesn't end",
        (
            Edit(
                "Sources/ControllerRuntime/Leadership/LeaderElectionState.swift",
                "            if now >= deadline { "
                'return .stepDown("the lease could not be renewed for \\(timing.renewDeadline)") }\n',
                "",
            ),
        ),
        (r"^ControllerRuntimeTests\.LeaderElectionStateTests",),
    ),
    Mutation(
        "finalizer-first",
        "a run begins before the finalizers stand",
        (
            Edit("Sources/ReportPlanning/Runs/RunPlanner.swift", "        keepFinalizers,\n", ""),
            Edit(
                "Sources/ReportPlanning/Runs/RunPlanner.swift",
                "        carryOn,\n",
                "        carryOn,\n        keepFinalizers,\n",
            ),
        ),
        (r"^ReportPlanningTests\.RecordTests",),
    ),
    Mutation(
        "finalizer-last",
        "a deleted request may go before its end is stored",
        (
            Edit(
                "Sources/ReportPlanning/Runs/RunPlanner+Finalizers.swift",
                "draft.request.metadata.isDeleting, draft.observed.record == .stored, !isHeld {",
                "draft.request.metadata.isDeleting, !isHeld {",
            ),
        ),
        (r"^ReportPlanningTests\.RecordTests",),
    ),
    Mutation(
        "fencing",
        "each holder of a shared lock gets the number of the one before",
        (
            Edit(
                "Sources/ReportStores/Lock/LockScripts.swift",
                "local fence = math.max(number(redis.call('GET', counter)) + 1, now)",
                "local fence = math.max(number(redis.call('GET', counter)), 1)",
            ),
        ),
        (r"^ServiceTests\.RedisLockTests/(placesAreGiven|fenceRises)",),
    ),
    Mutation(
        "record-guard",
        "a record is overwritten by an older state that comes late",
        (
            Edit(
                "Sources/ReportStores/Mongo/RecordChange.swift",
                'let isBehind: BSONValue = [progress: ["$lt": .int64(record.progress)]]',
                'let isBehind: BSONValue = [progress: ["$lt": .int64(.max)]]',
            ),
        ),
        (r"^ServiceTests\.MongoStoreTests",),
    ),
    Mutation(
        "ledger-guard",
        "a copy in the ledger is written over, whoever else has written it meanwhile",
        (
            Edit(
                "Sources/ReportStores/Mongo/DeliveryLedger.swift",
                "                Key.id.rawValue: .string(copy.id), Key.epoch.rawValue: .int64(before.epoch),\n"
                "                Key.phase.rawValue: .string(before.phase.rawValue),\n"
                "                Key.holder.rawValue: before.holder.map(BSONValue.string) ?? .null,\n",
                '                Key.id.rawValue: .string(copy.id), Key.epoch.rawValue: ["$lt": .int64(before.epoch + 9)],\n',
            ),
        ),
        (r"^ServiceTests\.DeliveryLedgerTests",),
    ),
    Mutation(
        "ticket-guard",
        "a ticket in the ledger is written over, whoever else has written it meanwhile",
        (
            Edit(
                "Sources/ReportStores/Mongo/TicketLedger.swift",
                "                Key.id.rawValue: .string(entry.id), Key.epoch.rawValue: .int64(before.epoch),\n"
                "                Key.state.rawValue: .string(before.state.rawValue),\n"
                "                Key.holder.rawValue: before.holder.map(BSONValue.string) ?? .null,\n",
                '                Key.id.rawValue: .string(entry.id), Key.epoch.rawValue: ["$lt": .int64(before.epoch + 9)],\n',
            ),
        ),
        (r"^ServiceTests\.TicketLedgerTests",),
    ),
    Mutation(
        "ticket-live-end",
        "a ticket is closed by what the cache says, without asking the API server whether its firing is over",
        (
            Edit(
                "Sources/DeliveryPlanning/Tickets/TicketPlanner.swift",
                "        if isCertain { return end }\n        plan.mustAsk = true\n        return nil\n",
                "        return end\n",
            ),
        ),
        (r"^DeliveryPlanningTests\.TicketWorldTests", r"^DeliveryPlanningTests\.TicketPlannerTests"),
    ),
    Mutation(
        "live-end",
        "a run ends by what the cache says, without asking the API server for pods that still run",
        (
            Edit(
                "Sources/ReportController/Runs/RunApplier.swift",
                "            try await confirmNothingRuns(of: request)\n",
                "            break\n",
            ),
        ),
        (r"^ReportControllerTests\.ScenarioTests/staleObservations",),
    ),
    Mutation(
        "live-end-owner",
        "a run that is cancelled waits for every pod that has its label, whoever owns that",
        (
            Edit(
                "Sources/ReportController/Runs/RunApplier+Confirming.swift",
                "            guard let job = pod.metadata.controller(of: Job.resourceKind) else { return nil }\n"
                "            return uids.contains(job.uid) || request.owns(pod) ? pod : nil\n",
                "            return uids.isEmpty ? nil : pod\n",
            ),
        ),
        (r"^ReportControllerTests\.ForeignPodTests",),
    ),
    Mutation(
        "lease-check",
        "a write goes out without the question whether it still may",
        (
            Edit(
                "Sources/KubernetesClient/Requests/RequestSender.swift",
                "if let mayBeSent = request.mayBeSent, !mayBeSent() {",
                "if let mayBeSent = request.mayBeSent, !mayBeSent(), request.verb == .watch {",
            ),
        ),
        (r"^KubernetesClientTests\.(VerbTests|RetryTests)",),
    ),
    Mutation(
        "lease-check-operator",
        "the operator's writes aren't bound to its lease",
        (
            Edit(
                "Sources/ReportController/Assembly/ReportController.swift",
                "let client = leadership.map { leadership in reader.writing { leadership.mayAct } } ?? reader",
                "let client = reader",
            ),
        ),
        (r"^ReportControllerTests\.LeaseCheckTests",),
    ),
    Mutation(
        "claim-before-send",
        "a copy is sent whether its claim stands in the ledger or not",
        (
            Edit(
                "Sources/CourierController/Deliveries/CopySender.swift",
                "guard await isClaimed(claim, over: before, by: deadline, delivery) else { return nil }",
                "_ = await isClaimed(claim, over: before, by: deadline, delivery)",
            ),
        ),
        (r"^CourierControllerTests\.CopyClaimTests",),
    ),
    Mutation(
        "server-clock",
        "times go by the machine's clock, not by the API server's",
        (
            Edit(
                "Sources/KubernetesClient/Requests/ServerClock.swift",
                "(state.reading, state.doubt) = (reading, nil)",
                "state.doubt = nil",
            ),
        ),
        (r"^KubernetesClientTests\.ServerClockTests",),
    ),
    Mutation(
        "stubborn-service",
        "a service that doesn't end when another fails keeps the program from ending",
        (
            Edit(
                "Sources/DaemonSupport/Daemon+Services.swift",
                "configuration.maximumGracefulShutdownDuration = patience.graceful",
                "configuration.maximumGracefulShutdownDuration = .seconds(100 * 3600)",
            ),
        ),
        (r"^DaemonSupportTests\.DaemonEndTests",),
    ),
]
