-- The report's part of the warehouse, that every run loads anew.

CREATE TABLE IF NOT EXISTS breakdown (
    number        INTEGER     NOT NULL PRIMARY KEY, -- the line in the file
    line          VARCHAR(16) NOT NULL,
    machine       VARCHAR(64) NOT NULL,
    stopped_at    DATETIME    NOT NULL, -- the plant's own clock
    repair_began  DATETIME    NOT NULL,
    running_again DATETIME    NOT NULL,
    cause         VARCHAR(64) NOT NULL
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS open_ticket (
    machine VARCHAR(64) NOT NULL PRIMARY KEY,
    line    VARCHAR(16) NOT NULL,
    tickets INTEGER     NOT NULL -- when they were asked for
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS repair_time (
    line                  VARCHAR(16)   NOT NULL,
    machine               VARCHAR(64)   NOT NULL,
    repairs               INTEGER       NOT NULL,
    repair_minutes        INTEGER       NOT NULL,
    waiting_minutes       INTEGER       NOT NULL, -- from the stop to the beginning of the repair
    longest_minutes       INTEGER       NOT NULL, -- of one repair
    mttr_minutes          DECIMAL(12,2) NOT NULL,
    mean_downtime_minutes DECIMAL(12,2) NOT NULL, -- waiting and repair
    PRIMARY KEY (line, machine)
) ENGINE = InnoDB;
