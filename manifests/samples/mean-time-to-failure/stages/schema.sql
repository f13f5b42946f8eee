-- The report's part of the warehouse. What a run loads anew comes first.

CREATE TABLE IF NOT EXISTS work_order (
    number     INTEGER      NOT NULL PRIMARY KEY, -- the line in the file
    excavator  CHAR(1)      NOT NULL,
    component  INTEGER      NOT NULL,             -- one system of one excavator
    system     VARCHAR(64)  NOT NULL,
    date       DATE         NOT NULL,
    text       VARCHAR(255) NOT NULL,
    suspension BOOLEAN      NOT NULL,             -- the life ended otherwise than by a failure of the component
    INDEX (component, date, number)
) ENGINE = InnoDB;

-- From one work order of a component to the next: afterwards it is as good as new.
CREATE TABLE IF NOT EXISTS component_life (
    number    INTEGER     NOT NULL PRIMARY KEY, -- of the work order that it begins with
    component INTEGER     NOT NULL,
    system    VARCHAR(64) NOT NULL,
    began     DATE        NOT NULL,
    ended     DATE        NOT NULL,
    outcome   ENUM ('failure', 'suspension', 'running') NOT NULL -- running: when the observation of the excavator ended
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS failure_rate (
    system         VARCHAR(64) NOT NULL PRIMARY KEY,
    components     INTEGER     NOT NULL, -- that operated within the window
    operating_days INTEGER     NOT NULL, -- of all of them together
    failures       INTEGER     NOT NULL,
    suspensions    INTEGER     NOT NULL,
    mttf_days      DECIMAL(12,2)         -- NULL where nothing failed: the mean is not known then
) ENGINE = InnoDB;

-- The history: what stays from run to run, and is nowhere else. Each month is replaced as a whole by the next report on it.
CREATE TABLE IF NOT EXISTS failure_month (
    month     DATE         NOT NULL, -- its first day
    months    INTEGER      NOT NULL, -- that were looked at until then
    systems   INTEGER      NOT NULL,
    report_id VARCHAR(64)  NOT NULL, -- of the report that found this
    kept_at   TIMESTAMP(3) NOT NULL,
    PRIMARY KEY (month, months)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS failure_rate_of_month (
    month          DATE        NOT NULL,
    months         INTEGER     NOT NULL,
    system         VARCHAR(64) NOT NULL,
    components     INTEGER     NOT NULL,
    operating_days INTEGER     NOT NULL,
    failures       INTEGER     NOT NULL,
    suspensions    INTEGER     NOT NULL,
    mttf_days      DECIMAL(12,2),
    PRIMARY KEY (month, months, system)
) ENGINE = InnoDB;
