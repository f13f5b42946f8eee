-- The trial balance of one month, whose first day is %(first)s. No staged line is later than the month.
INSERT INTO trial_balance (account, currency, opening, debit, credit, closing)
SELECT account,
       currency,
       SUM(CASE WHEN date < %(first)s THEN amount ELSE 0 END),
       SUM(CASE WHEN date >= %(first)s AND amount > 0 THEN amount ELSE 0 END),
       SUM(CASE WHEN date >= %(first)s AND amount < 0 THEN -amount ELSE 0 END),
       SUM(amount)
FROM ledger_line
GROUP BY account, currency
