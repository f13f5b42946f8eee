// Made by hack/lib/page/generate-types.mjs from Sources/GatewayAPI/openapi.json: change it there.

export type Name = string;

export type ReportID = string;

export type Format = 'pdf' | 'xlsx' | 'csv' | 'html' | 'json';

export type Phase = 'Queued' | 'Running' | 'Succeeded' | 'Failed' | 'Cancelling' | 'Cancelled';

export type Time = string;

export type Problem = {
    /** about:blank, or what kind of problem it is, such as tag:reports.ers.dev,2026:invalid */
    type: string;
    title: string;
    status: number;
    /** What happened and what to do next, for people */
    detail?: string;
    errors?: FieldError[];
    /** Seconds; as the header Retry-After */
    retryAfter?: number;
    offloaded?: Offload;
};

export type FieldError = {
    /** Such as parameters.period */
    field: string;
    /** What was given */
    value?: unknown;
    /** What is wrong and what is allowed */
    message: string;
};

export type Offload = {
    /** The archive's folder */
    archive: string;
    at: Time;
    /** What brings them back */
    command: string;
};

export type Person = {
    name?: string;
    email?: string;
};

export type Me = {
    /** As RBAC knows it */
    user: string;
    name?: string;
    email?: string;
    groups?: string[];
    via: 'session' | 'token' | 'kubernetes';
    sessionEnds?: Time;
    /** Of a session: for the header X-CSRF-Token */
    csrfToken?: string;
    namespaces: NamespaceRights[];
};

export type NamespaceRights = {
    name: Name;
    may: Rights;
};

export type Rights = {
    /** Create requests */
    ask: boolean;
    /** Choose another requester for what the caller creates (verb request-for-others) */
    askForOthers: boolean;
    /** Cancel, retry, change requests */
    change: boolean;
    /** Delete requests */
    delete: boolean;
    /** Create, change and delete schedules */
    schedule: boolean;
    /** Create deliveries */
    send: boolean;
    readLogs: boolean;
};

export type ParameterSpec = {
    name: string;
    type: 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'month';
    title?: string;
    description?: string;
    required: boolean;
    default?: unknown;
    enum?: unknown[];
    multiple?: boolean;
    /** Of an integer, a number, a date or a month; included */
    minimum?: unknown;
    /** Of an integer, a number, a date or a month; included */
    maximum?: unknown;
    /** A regular expression that a string matches somewhere */
    pattern?: string;
    minLength?: number;
    maxLength?: number;
};

export type PipelineSummary = {
    namespace: Name;
    name: Name;
    title?: string;
    description?: string;
    parameters: ParameterSpec[];
    /** Why it can't be read; nothing can be asked of it then */
    fault?: string;
    /** How many of its runs are live */
    runs: number;
};

export type PipelineList = {
    items: PipelineSummary[];
    next?: string;
};

export type Pipeline = PipelineSummary & {
    /** JSON Schema of `parameters` */
    schema: Record<string, unknown>;
    stages: string[];
    /** Where its reports go when a request doesn't say */
    deliver?: Deliver[];
    /** Median of past runs that succeeded; absent without history */
    expectedSeconds?: number;
    may?: Rights;
};

export type Deliver = {
    channel: Name;
    to?: string[];
    cc?: string[];
    replyTo?: string;
    formats?: Format[];
    when?: 'Succeeded' | 'Failed' | 'Always';
    unless?: 'Empty';
    /** Columns and the values that rows need in them */
    only?: Record<string, string>;
    attach?: 'always' | 'never';
    fileName?: string;
    subject?: string;
    text?: string;
};

export type NewRequest = {
    namespace: Name;
    pipeline: Name;
    name?: Name;
    /** By name; see the pipeline's `schema` */
    parameters?: Record<string, unknown>;
    formats?: Format[];
    deliver?: Deliver[];
    priority?: number;
    ttlSecondsAfterFinished?: number;
    requester?: NewRequester;
};

export type NewRequester = {
    name?: string;
    email?: string;
};

export type RequestPatch = {
    priority?: number;
    /** null: for ever */
    ttlSecondsAfterFinished?: number | null;
};

export type Stage = {
    name: string;
    phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Cancelled' | 'Skipped';
    attempt?: number;
    startedAt?: Time;
    completedAt?: Time;
    exitCode?: number;
    reason?: string;
    message?: string;
};

export type Attempt = {
    attempt: number;
    phase: Phase;
    reason?: string;
    startedAt?: Time;
    completedAt?: Time;
    stages?: Stage[];
};

export type Place = {
    /** From 1 on */
    position: number;
    expected?: Expectation;
};

export type Expectation = {
    startsAt?: Time;
    endsAt?: Time;
    /** How many past runs it rests on */
    runs: number;
    /** It, or a run that it waits for, takes longer than usual already: these times are the earliest */
    overdue?: boolean;
};

export type Request = {
    /** The report's id */
    id: string;
    namespace: string;
    name: string;
    /** Whether it is a resource still */
    live: boolean;
    /** Its name, or (inline) */
    pipeline?: string;
    title?: string;
    requester?: Person;
    /** The schedule that asked for it */
    schedule?: string;
    parameters?: Record<string, string>;
    formats?: string[];
    priority: number;
    ttlSecondsAfterFinished?: number;
    phase: Phase;
    reason?: string;
    /** What goes on and what to do next */
    message?: string;
    /** Such as 2/5 transform */
    stage?: string;
    attempt: number;
    createdAt: Time;
    queuedAt?: Time;
    startedAt?: Time;
    completedAt?: Time;
    asOf?: Time;
    deletedAt?: Time;
    stages?: Stage[];
    previousAttempts?: Attempt[];
    place?: Place;
    expectedEnd?: Time;
    /** Whether its end is on record */
    recorded?: boolean;
    /** Whether everything of its newest attempt has gone out */
    delivered?: 'True' | 'False' | 'Unknown';
    resourceVersion?: string;
    /** Of one that is no resource any more, where that is known: the uid of its cluster's namespace kube-system */
    cluster?: string;
    /** What its cluster is called, where that is known and it has a name */
    clusterName?: string;
};

export type RequestList = {
    items: Request[];
    next?: string;
    /** false: the record can't be asked now, these are the live ones alone */
    recordAvailable: boolean;
    /** What to know about it */
    notice?: string;
};

export type Column = {
    name: string;
    title?: string;
    /** string, integer, decimal, date, month, timestamp, boolean, or another */
    type?: string;
    /** Excel's number-format code, of the layout */
    format?: string;
    /** What the layout wants below the rows */
    total?: 'sum';
};

export type Rows = {
    reportID?: string;
    asOf?: Time;
    columns: Column[];
    /** Decimals and integers beyond 2^53 are texts, with every digit */
    rows: unknown[][];
    /** That values of these rows aren't of their columns' types, and which is the first; absent where all are */
    warning?: string;
    next?: string;
    total?: number;
};

export type Report = {
    request: Request;
    title?: string;
    /** What it published; absent where it published nothing */
    result?: {
        attempt?: number;
        rows: number;
        columns: Column[];
        /** Names of the columns that the layout shows, in its order; all of them where it is absent */
        shown?: string[];
        /** Names of the columns that the layout groups the rows by, the outermost first */
        groupBy?: string[];
        /** False where the sums of the groups can't be added, and none of the whole is shown; true where it is absent */
        grandTotal?: boolean;
        asOf: Time;
        publishedAt: Time;
        offloaded?: Offload;
    };
    charts?: Chart[];
    /** Files that can be had */
    formats: Format[];
    stages: Stage[];
    logs?: {
        stage: string;
        attempt: number;
    }[];
    deliveries: Delivery[];
    /** Why these deliveries may not be all; absent where they are */
    deliveryNotice?: string;
    may: Rights;
};

export type Chart = {
    type: 'bar' | 'line';
    title?: string;
    x: string;
    series: string[];
};

export type ReportEventList = {
    items: ReportEvent[];
};

export type ReportEvent = {
    id: string;
    attempt: number;
    stage?: string;
    phase: string;
    reason?: string;
    exitCode?: number;
    message?: string;
    at: Time;
    asOf?: Time;
};

export type Channel = {
    name: string;
    type: 'Mail' | 'SharePoint' | 'Teams' | 'Webhook' | 'MQTT' | 'Folder';
    ready: 'True' | 'False' | 'Unknown';
    message?: string;
    takesAddresses?: boolean;
    default?: boolean;
};

export type ChannelList = {
    items: Channel[];
};

export type Recipient = {
    to: string;
    phase: 'Pending' | 'Sending' | 'Sent' | 'Failed' | 'Unknown' | 'Cancelled';
    detail?: string;
    at?: Time;
    possiblyTwice?: boolean;
};

export type Delivery = {
    namespace: string;
    name: string;
    reportID: string;
    reportName?: string;
    channel: string;
    phase?: 'Pending' | 'Rendering' | 'Sending' | 'Delivered' | 'PartlyDelivered' | 'Failed';
    message?: string;
    formats?: string[];
    subject?: string;
    cc?: string[];
    /** Columns and the values that its rows have in them; all rows where it is absent */
    only?: Record<string, string>;
    createdAt?: Time;
    completedAt?: Time;
    recipients: Recipient[];
    live: boolean;
};

export type DeliveryList = {
    items: Delivery[];
    next?: string;
    /** Why these may not be all; absent where they are */
    notice?: string;
};

export type NewDelivery = {
    report: ReportID;
    channel?: Name;
    to?: string[];
    /** Who gets it too; not with onlyMissing. As before where neither to nor cc is given */
    cc?: string[];
    formats?: Format[];
    subject?: string;
    text?: string;
    /** Columns and the values that rows need in them; as before where it isn't given, all rows where it is empty */
    only?: Record<string, string>;
    /** Only to whom it hasn't been sent */
    onlyMissing?: boolean;
};

export type NewSchedule = {
    namespace: Name;
    name: string;
    /** Cron's five fields, or such as @daily */
    schedule: string;
    /** An IANA name */
    timeZone?: string;
    concurrencyPolicy?: 'Allow' | 'Forbid' | 'Replace';
    startingDeadlineSeconds?: number;
    suspend?: boolean;
    pipeline: Name;
    /** Texts may hold placeholders such as {month-1} */
    parameters?: Record<string, unknown>;
    formats?: Format[];
    deliver?: Deliver[];
    priority?: number;
    ttlSecondsAfterFinished?: number;
    requester?: NewRequester;
};

export type ScheduleReplacement = {
    schedule: string;
    timeZone?: string;
    concurrencyPolicy?: 'Allow' | 'Forbid' | 'Replace';
    startingDeadlineSeconds?: number;
    suspend?: boolean;
    pipeline: Name;
    /** Texts may hold placeholders such as {month-1} */
    parameters?: Record<string, unknown>;
    formats?: Format[];
    deliver?: Deliver[];
    priority?: number;
    ttlSecondsAfterFinished?: number;
    requester?: NewRequester;
    resourceVersion?: string;
};

export type SchedulePatch = {
    suspend: boolean;
};

export type NextTime = {
    utc: Time;
    /** In the schedule's zone, with its offset */
    local: string;
};

export type SchedulePreview = {
    /** Such as: every Monday at 06:00, Europe/Berlin */
    sentence: string;
    next: NextTime[];
    /** It has no next time */
    never?: boolean;
};

export type Schedule = {
    namespace: string;
    name: string;
    schedule: string;
    timeZone?: string;
    sentence?: string;
    next: NextTime[];
    concurrencyPolicy?: string;
    startingDeadlineSeconds?: number;
    suspend: boolean;
    ready: 'True' | 'False' | 'Unknown';
    message?: string;
    pipeline?: string;
    parameters?: Record<string, unknown>;
    formats?: string[];
    deliver?: Deliver[];
    priority?: number;
    ttlSecondsAfterFinished?: number;
    requester?: Person;
    active?: string[];
    lastScheduleTime?: Time;
    lastSuccessfulTime?: Time;
    /** Why it can't be read */
    fault?: string;
    resourceVersion?: string;
    createdAt?: Time;
};

export type ScheduleList = {
    items: Schedule[];
    next?: string;
};

export type Queue = {
    groups: QueueGroup[];
};

export type QueueGroup = {
    namespace: string;
    key: string;
    scope?: string;
    limit: number;
    running: QueueRun[];
    waiting: QueueRun[];
};

export type QueueRun = {
    namespace: string;
    name: string;
    id?: string;
    phase: Phase;
    priority: number;
    position?: number;
    since?: Time;
    requester?: string;
    stage?: string;
    message?: string;
    expected?: Expectation;
};

export type Alerts = {
    version: '4';
    alerts: ({
        status: 'firing' | 'resolved';
        fingerprint: string;
        /** By name */
        labels: Record<string, string>;
        /** By name */
        annotations?: Record<string, string>;
    })[];
};
