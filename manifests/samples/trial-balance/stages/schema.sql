-- The books, as the transform stage loads them. Plain SQL, so that the same text serves a MariaDB.
--
-- An amount is an integer in units of 10^-digits of its currency, because sums of integers are exact.

CREATE TABLE currency (
    code   VARCHAR(24) NOT NULL PRIMARY KEY,
    digits INTEGER     NOT NULL
);

CREATE TABLE ledger_line (
    entry     INTEGER       NOT NULL,
    line      INTEGER       NOT NULL,
    date      CHAR(10)      NOT NULL, -- ISO 8601, so that the order of the text is the order of the days
    account   VARCHAR(255)  NOT NULL,
    narration VARCHAR(1000) NOT NULL,
    amount    BIGINT        NOT NULL, -- at cost; debits are positive, credits negative
    currency  VARCHAR(24)   NOT NULL REFERENCES currency (code),
    tolerance BIGINT        NOT NULL, -- of the whole entry in this currency
    source    VARCHAR(1000) NOT NULL, -- file and line, for the person who corrects it
    PRIMARY KEY (entry, line)
);

-- What each entry leaves over. A purchase of 1.324 shares at 181.24 USD costs 239.96176 USD and is paid with
-- 239.96 USD, so not every entry ends at zero; the tolerance says how much of that is rounding.
CREATE VIEW entry_residual AS
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

CREATE TABLE trial_balance (
    account  VARCHAR(255) NOT NULL,
    currency VARCHAR(24)  NOT NULL REFERENCES currency (code),
    opening  BIGINT       NOT NULL,
    debit    BIGINT       NOT NULL,
    credit   BIGINT       NOT NULL,
    closing  BIGINT       NOT NULL,
    PRIMARY KEY (account, currency)
);

-- The sums of the residuals that were tolerated: exactly what debits and credits may differ by.
CREATE TABLE tolerated_residual (
    currency  VARCHAR(24) NOT NULL PRIMARY KEY REFERENCES currency (code),
    entries   INTEGER     NOT NULL, -- how many entries left something over
    opening   BIGINT      NOT NULL,
    movement  BIGINT      NOT NULL,
    closing   BIGINT      NOT NULL,
    largest   BIGINT      NOT NULL  -- of one entry, without its sign
);
