-- What machines of a plant write down, for plant-exporter and for the sample "mean time to repair". Times are the plant's own
-- clock, which the server's has to be.

CREATE TABLE IF NOT EXISTS machine (
    machine VARCHAR(64) NOT NULL PRIMARY KEY,
    line    VARCHAR(16) NOT NULL
) ENGINE = InnoDB;

-- As in stops.csv (hack/lib/samples/make-plant); of a stop that goes on, the later times are NULL.
CREATE TABLE IF NOT EXISTS machine_stop (
    number        INTEGER     NOT NULL AUTO_INCREMENT PRIMARY KEY,
    line          VARCHAR(16) NOT NULL,
    machine       VARCHAR(64) NOT NULL, -- empty where the whole line stands
    kind          VARCHAR(16) NOT NULL, -- breakdown or setup
    stopped_at    DATETIME    NOT NULL,
    repair_began  DATETIME,
    running_again DATETIME,
    cause         VARCHAR(64) NOT NULL DEFAULT '',
    KEY (machine, stopped_at)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS machine_cycle (
    number      BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
    machine     VARCHAR(64)   NOT NULL,
    finished_at DATETIME      NOT NULL,
    seconds     DECIMAL(10,3) NOT NULL,
    KEY (machine, finished_at)
) ENGINE = InnoDB;

-- The tool that is in a machine now, and those that were taken out.
CREATE TABLE IF NOT EXISTS tool (
    machine    VARCHAR(64) NOT NULL,
    tool       VARCHAR(64) NOT NULL,
    uses       INTEGER     NOT NULL,
    rated_uses INTEGER     NOT NULL, -- by its maker
    PRIMARY KEY (machine, tool)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS tool_change (
    number     INTEGER     NOT NULL AUTO_INCREMENT PRIMARY KEY,
    machine    VARCHAR(64) NOT NULL,
    tool       VARCHAR(64) NOT NULL,
    changed_at DATETIME    NOT NULL,
    uses       INTEGER     NOT NULL, -- when it was taken out
    KEY (machine, tool, changed_at)
) ENGINE = InnoDB;

-- Where each pallet waits; NULL: nowhere.
CREATE TABLE IF NOT EXISTS pallet (
    pallet     VARCHAR(64) NOT NULL PRIMARY KEY,
    machine    VARCHAR(64),
    arrived_at DATETIME    NOT NULL
) ENGINE = InnoDB;
