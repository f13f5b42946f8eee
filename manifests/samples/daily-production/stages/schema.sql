-- The report's part of the warehouse. Times are the plant's own clock. What a run loads anew comes first.

CREATE TABLE IF NOT EXISTS line_shift (
    line          VARCHAR(16) NOT NULL,
    shift         VARCHAR(16) NOT NULL,
    starts        DATETIME    NOT NULL,
    ends          DATETIME    NOT NULL,
    break_starts  DATETIME    NOT NULL,
    break_ends    DATETIME    NOT NULL,
    cycle_seconds INTEGER     NOT NULL, -- of one piece, at the line's ideal speed
    target        INTEGER     NOT NULL, -- good pieces
    good          INTEGER     NOT NULL,
    scrap         INTEGER     NOT NULL,
    PRIMARY KEY (line, shift)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS line_stop (
    number        INTEGER     NOT NULL PRIMARY KEY, -- the line in the file
    line          VARCHAR(16) NOT NULL,
    kind          VARCHAR(16) NOT NULL,
    stopped_at    DATETIME    NOT NULL,
    running_again DATETIME    NOT NULL
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS shift_production (
    line            VARCHAR(16)  NOT NULL,
    shift           VARCHAR(16)  NOT NULL,
    target          INTEGER      NOT NULL,
    good            INTEGER      NOT NULL,
    scrap           INTEGER      NOT NULL,
    planned_minutes INTEGER      NOT NULL, -- without the break
    stopped_minutes INTEGER      NOT NULL, -- of these
    attainment      DECIMAL(9,4),          -- good pieces by target
    availability    DECIMAL(9,4),          -- running by planned time
    performance     DECIMAL(9,4),          -- pieces by those possible in the running time; NULL if it did not run
    quality         DECIMAL(9,4),          -- good pieces by pieces; NULL if there is none
    oee             DECIMAL(9,4),          -- availability * performance * quality
    PRIMARY KEY (line, shift)
) ENGINE = InnoDB;

-- The history: what stays from run to run, and is nowhere else. Each day is replaced as a whole by the next report on it.
CREATE TABLE IF NOT EXISTS production_day (
    day       DATE         NOT NULL PRIMARY KEY,
    shifts    INTEGER      NOT NULL, -- none on a day that no shift was planned on
    report_id VARCHAR(64)  NOT NULL, -- of the report that found this
    kept_at   TIMESTAMP(3) NOT NULL
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS production_of_day (
    day             DATE        NOT NULL,
    line            VARCHAR(16) NOT NULL,
    shift           VARCHAR(16) NOT NULL,
    target          INTEGER     NOT NULL,
    good            INTEGER     NOT NULL,
    scrap           INTEGER     NOT NULL,
    planned_minutes INTEGER     NOT NULL,
    stopped_minutes INTEGER     NOT NULL,
    good_seconds    BIGINT      NOT NULL, -- that the good pieces take at the line's ideal speed
    PRIMARY KEY (day, line, shift)
) ENGINE = InnoDB;
