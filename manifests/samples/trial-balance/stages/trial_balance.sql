-- The trial balance of one month: :first is its first day, :next the first day after it.
INSERT INTO trial_balance (account, currency, opening, debit, credit, closing)
SELECT account,
       currency,
       SUM(CASE WHEN date < :first THEN amount ELSE 0 END),
       SUM(CASE WHEN date >= :first AND amount > 0 THEN amount ELSE 0 END),
       SUM(CASE WHEN date >= :first AND amount < 0 THEN -amount ELSE 0 END),
       SUM(amount)
FROM ledger_line
WHERE date < :next
GROUP BY account, currency
