-- Grouped by entry and not by account, so that it checks trial_balance.sql instead of repeating it.
INSERT INTO tolerated_residual (currency, entries, opening, movement, closing, largest)
SELECT currency,
       SUM(CASE WHEN residual <> 0 THEN 1 ELSE 0 END),
       SUM(CASE WHEN date < %(first)s THEN residual ELSE 0 END),
       SUM(CASE WHEN date >= %(first)s THEN residual ELSE 0 END),
       SUM(residual),
       MAX(ABS(residual))
FROM entry_residual
GROUP BY currency
