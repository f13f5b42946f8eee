/// Why a request, a stage or a condition is as it is: stable words that programs may compare.
public enum Reason {
    // A request that waits.
    public static let pipelineNotFound = "PipelineNotFound"
    public static let inlinePipelineUndecided = "InlinePipelineUndecided"
    public static let waitingForTurn = "WaitingForTurn"
    public static let waitingForSharedLock = "WaitingForSharedLock"
    public static let sharedLockUnavailable = "SharedLockUnavailable"

    // A run that goes on.
    public static let accepted = "Accepted"
    public static let stageRunning = "StageRunning"
    public static let stageNotStarting = "StageNotStarting"
    public static let jobNotCreated = "JobNotCreated"
    /// All stages have succeeded, and its pipeline expects rows. StoreUnavailable is used here too.
    public static let checkingRows = "CheckingRows"

    // A stage that doesn't start, or doesn't end. Kubernetes' own words (ImagePullBackOff, Unschedulable, FailedCreate,
    // FailedMount) are used here too, as they come.
    public static let noPod = "NoPod"
    public static let notScheduled = "NotScheduled"
    public static let jobSuspended = "JobSuspended"
    public static let otherContainersRun = "OtherContainersRun"

    // A run that has ended, or is about to.
    public static let completed = "Completed"
    public static let invalidSpec = "InvalidSpec"
    public static let inlinePipelineForbidden = "InlinePipelineForbidden"
    public static let stageFailed = "StageFailed"
    public static let timedOut = "TimedOut"
    public static let noRows = "NoRows"
    public static let cancelledByUser = "CancelledByUser"
    public static let requestDeleted = "RequestDeleted"
    public static let replaced = "Replaced"
    public static let sharedLockLost = "SharedLockLost"
    public static let statusRefused = "StatusRefused"
    public static let statusBroken = "StatusBroken"
    public static let restored = "Restored"

    // A stage that failed. Kubernetes' own words (OOMKilled, DeadlineExceeded, BackoffLimitExceeded, Evicted) stand
    // here too, as they come.
    public static let exitCode = "ExitCode"
    public static let jobLost = "JobLost"
    public static let podDeleted = "PodDeleted"
    public static let jobRefused = "JobRefused"
    /// It has waited for its start for too long, and nothing says what for.
    public static let notStarted = "NotStarted"
    public static let workspaceRefused = "WorkspaceRefused"
    public static let dependencyFailed = "DependencyFailed"

    // Conditions.
    public static let notConfigured = "NotConfigured"
    public static let recordPending = "Pending"
    public static let recorded = "Recorded"
    public static let storeUnavailable = "StoreUnavailable"

    // A pipeline that can run; one that can't is InvalidSpec.
    public static let valid = "Valid"

    // A schedule that ticks, and one that can't. InvalidSpec and InlinePipelineForbidden are used here too.
    public static let scheduled = "Scheduled"
    public static let suspended = "Suspended"
    public static let timeZoneUnknown = "TimeZoneUnknown"
    public static let timeZoneUnsupported = "TimeZoneUnsupported"
    public static let cronJobRefused = "CronJobRefused"
    public static let cronJobNotCreated = "CronJobNotCreated"
    public static let cronJobNameTaken = "CronJobNameTaken"
    public static let tooManyMissed = "TooManyMissed"
    public static let requestNotCreated = "RequestNotCreated"
    // One that ticks, and whose runs fail: PipelineNotFound is used here too.
    public static let pipelineNotReady = "PipelineNotReady"
    public static let invalidParameters = "InvalidParameters"
    // One whose holidays aren't known.
    public static let holidaysUnavailable = "HolidaysUnavailable"
    // One whose time never comes.
    public static let neverDue = "NeverDue"

    // A trigger whose alerts make requests, and one whose don't. InvalidSpec, PipelineNotFound, PipelineNotReady,
    // InvalidParameters and RequestNotCreated are used here too.
    public static let listening = "Listening"
    public static let placeholderMissing = "PlaceholderMissing"
    public static let tooManyAlerts = "TooManyAlerts"

    // A trigger whose alerts open tickets, and one whose don't. NamespaceNotAllowed, GaveUp, LedgerUnreadable and
    // StoreUnavailable are used here too.
    public static let ticketsSent = "TicketsSent"
    public static let channelNotFound = "ChannelNotFound"
    public static let channelTakesNoTickets = "ChannelTakesNoTickets"
    public static let channelNotReady = "ChannelNotReady"
    public static let ticketRefused = "TicketRefused"
    public static let ticketDelayed = "TicketDelayed"

    // A channel that doesn't work. InvalidSpec is used here too.
    public static let wrongNamespace = "WrongNamespace"
    public static let misconfigured = "Misconfigured"
    public static let unreachable = "Unreachable"
    public static let channelWorks = "Works"
    /// Of a channel that takes requests in: it hasn't reached its broker yet.
    public static let connecting = "Connecting"

    // A delivery, or a recipient, that can't be served.
    public static let invalidRecipient = "InvalidRecipient"
    public static let namespaceNotAllowed = "NamespaceNotAllowed"
    public static let reportNotFound = "ReportNotFound"
    public static let nothingToDeliver = "NothingToDeliver"
    /// Its rows and files are in an archive.
    public static let offloaded = "Offloaded"
    /// It has the name of the run's own, and asks for something else.
    public static let nameTaken = "NameTaken"
    /// A document of the ledger can't be read; until it can, or is gone, nothing is sent.
    public static let ledgerUnreadable = "LedgerUnreadable"
    public static let fileNotMade = "FileNotMade"
    public static let gaveUp = "GaveUp"
    public static let deliveryDeleted = "DeliveryDeleted"

    // How a delivery, or all deliveries of a run, ended.
    public static let delivering = "Delivering"
    public static let delivered = "Delivered"
    public static let partlyDelivered = "PartlyDelivered"
    public static let deliveryFailed = "DeliveryFailed"
}
