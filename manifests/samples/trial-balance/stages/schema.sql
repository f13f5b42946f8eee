-- The report's part of the warehouse: one staging area, that every run loads anew. What makes it safe to share is that
-- the runs take turns, and that each stage looks up whose lines it has before it uses them.
--
-- Amounts are DECIMAL, whose sums are exact. Thirty digits, ten of them behind the point: extract refuses more.

CREATE TABLE IF NOT EXISTS currency (
    code   VARCHAR(24) NOT NULL PRIMARY KEY,
    digits INTEGER     NOT NULL -- decimal places that its amounts have in the whole ledger
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS ledger_line (
    entry     INTEGER        NOT NULL,
    line      INTEGER        NOT NULL,
    date      DATE           NOT NULL,
    account   VARCHAR(255)   NOT NULL,
    narration VARCHAR(1000)  NOT NULL,
    amount    DECIMAL(30,10) NOT NULL, -- at cost; debits are positive, credits negative
    currency  VARCHAR(24)    NOT NULL,
    tolerance DECIMAL(30,10) NOT NULL, -- of the whole entry in this currency
    source    VARCHAR(1000)  NOT NULL, -- file and line, for the person who corrects it
    PRIMARY KEY (entry, line),
    FOREIGN KEY (currency) REFERENCES currency (code)
) ENGINE = InnoDB;

-- What each entry leaves over. A purchase of 1.324 shares at 181.24 USD costs 239.96176 USD and is paid with
-- 239.96 USD, so not every entry ends at zero; the tolerance says how much of that is rounding.
CREATE VIEW IF NOT EXISTS entry_residual AS
SELECT entry,
       currency,
       MIN(date)                                          AS date,
       MIN(narration)                                     AS narration,
       MIN(source)                                        AS source,
       SUM(CASE WHEN amount > 0 THEN amount ELSE 0 END)   AS debit,
       SUM(CASE WHEN amount < 0 THEN -amount ELSE 0 END)  AS credit,
       SUM(amount)                                        AS residual,
       MAX(tolerance)                                     AS tolerance
FROM ledger_line
GROUP BY entry, currency;

CREATE TABLE IF NOT EXISTS trial_balance (
    account  VARCHAR(255)   NOT NULL,
    currency VARCHAR(24)    NOT NULL,
    opening  DECIMAL(38,10) NOT NULL,
    debit    DECIMAL(38,10) NOT NULL,
    credit   DECIMAL(38,10) NOT NULL,
    closing  DECIMAL(38,10) NOT NULL,
    PRIMARY KEY (account, currency)
) ENGINE = InnoDB;

-- The sums of the residuals that were tolerated: exactly what debits and credits may differ by.
CREATE TABLE IF NOT EXISTS tolerated_residual (
    currency VARCHAR(24)    NOT NULL PRIMARY KEY,
    entries  INTEGER        NOT NULL, -- how many entries left something over
    opening  DECIMAL(38,10) NOT NULL,
    movement DECIMAL(38,10) NOT NULL,
    closing  DECIMAL(38,10) NOT NULL,
    largest  DECIMAL(38,10) NOT NULL  -- of one entry, without its sign
) ENGINE = InnoDB;
