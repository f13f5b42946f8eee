/// Why a request, a stage or a condition is as it is: stable words that programs may compare.
package enum Reason {
    // A request that waits.
    package static let pipelineNotFound = "PipelineNotFound"
    package static let inlinePipelineUndecided = "InlinePipelineUndecided"
    package static let waitingForTurn = "WaitingForTurn"
    package static let waitingForSharedLock = "WaitingForSharedLock"
    package static let sharedLockUnavailable = "SharedLockUnavailable"

    // A run that goes on.
    package static let accepted = "Accepted"
    package static let stageRunning = "StageRunning"
    package static let stageNotStarting = "StageNotStarting"
    package static let jobNotCreated = "JobNotCreated"
    /// All stages have succeeded, and its pipeline expects rows. StoreUnavailable stands here too.
    package static let checkingRows = "CheckingRows"

    // A stage that doesn't start, or doesn't end. Kubernetes' own words (ImagePullBackOff, Unschedulable, FailedCreate,
    // FailedMount) stand here too, as they come.
    package static let noPod = "NoPod"
    package static let notScheduled = "NotScheduled"
    package static let jobSuspended = "JobSuspended"
    package static let otherContainersRun = "OtherContainersRun"

    // A run that has ended, or is about to.
    package static let completed = "Completed"
    package static let invalidSpec = "InvalidSpec"
    package static let inlinePipelineForbidden = "InlinePipelineForbidden"
    package static let stageFailed = "StageFailed"
    package static let timedOut = "TimedOut"
    package static let noRows = "NoRows"
    package static let cancelledByUser = "CancelledByUser"
    package static let requestDeleted = "RequestDeleted"
    package static let replaced = "Replaced"
    package static let sharedLockLost = "SharedLockLost"
    package static let statusRefused = "StatusRefused"
    package static let statusBroken = "StatusBroken"
    package static let restored = "Restored"

    // A stage that failed. Kubernetes' own words (OOMKilled, DeadlineExceeded, BackoffLimitExceeded, Evicted) stand
    // here too, as they come.
    package static let exitCode = "ExitCode"
    package static let jobLost = "JobLost"
    package static let podDeleted = "PodDeleted"
    package static let jobRefused = "JobRefused"
    /// It has waited for its start for too long, and nothing says what for.
    package static let notStarted = "NotStarted"
    package static let workspaceRefused = "WorkspaceRefused"
    package static let dependencyFailed = "DependencyFailed"

    // Conditions.
    package static let notConfigured = "NotConfigured"
    package static let recordPending = "Pending"
    package static let recorded = "Recorded"
    package static let storeUnavailable = "StoreUnavailable"

    // A pipeline that can run; one that can't is InvalidSpec.
    package static let valid = "Valid"

    // A schedule that ticks, and one that can't. InvalidSpec and InlinePipelineForbidden stand here too.
    package static let scheduled = "Scheduled"
    package static let suspended = "Suspended"
    package static let timeZoneUnknown = "TimeZoneUnknown"
    package static let timeZoneUnsupported = "TimeZoneUnsupported"
    package static let cronJobRefused = "CronJobRefused"
    package static let cronJobNotCreated = "CronJobNotCreated"
    package static let cronJobNameTaken = "CronJobNameTaken"
    package static let tooManyMissed = "TooManyMissed"
    package static let requestNotCreated = "RequestNotCreated"
    // One that ticks, and whose runs fail: PipelineNotFound stands here too.
    package static let pipelineNotReady = "PipelineNotReady"
    package static let invalidParameters = "InvalidParameters"
    // One whose holidays aren't known.
    package static let holidaysUnavailable = "HolidaysUnavailable"
    // One whose time never comes.
    package static let neverDue = "NeverDue"

    // A trigger whose alerts make requests, and one whose don't. InvalidSpec, PipelineNotFound, PipelineNotReady,
    // InvalidParameters and RequestNotCreated are used here too.
    package static let listening = "Listening"
    package static let placeholderMissing = "PlaceholderMissing"
    package static let tooManyAlerts = "TooManyAlerts"

    // A channel that doesn't work. InvalidSpec stands here too.
    package static let wrongNamespace = "WrongNamespace"
    package static let misconfigured = "Misconfigured"
    package static let unreachable = "Unreachable"
    package static let channelWorks = "Works"
    /// Of a channel that takes requests in: it hasn't reached its broker yet.
    package static let connecting = "Connecting"

    // A delivery, or a recipient, that can't be served.
    package static let invalidRecipient = "InvalidRecipient"
    package static let namespaceNotAllowed = "NamespaceNotAllowed"
    package static let reportNotFound = "ReportNotFound"
    package static let nothingToDeliver = "NothingToDeliver"
    /// Its rows and files are in an archive.
    package static let offloaded = "Offloaded"
    /// It has the name of the run's own, and asks for something else.
    package static let nameTaken = "NameTaken"
    /// A document of the ledger can't be read; until it can, or is gone, nothing is sent.
    package static let ledgerUnreadable = "LedgerUnreadable"
    package static let fileNotMade = "FileNotMade"
    package static let gaveUp = "GaveUp"
    package static let deliveryDeleted = "DeliveryDeleted"

    // How a delivery, or all deliveries of a run, ended.
    package static let delivering = "Delivering"
    package static let delivered = "Delivered"
    package static let partlyDelivered = "PartlyDelivered"
    package static let deliveryFailed = "DeliveryFailed"
}
