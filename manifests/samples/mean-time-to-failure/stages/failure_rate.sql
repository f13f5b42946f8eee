-- Operating time within the window by number of failures within it: of the lives that reach into the window that part counts
-- which lies in it, also of those that did not end with a failure. A failure belongs to the day on which it was ordered.
-- The cast: a quotient of integers has four decimal places, and would be rounded twice.
INSERT INTO failure_rate (system, components, operating_days, failures, suspensions, mttf_days)
SELECT system,
       COUNT(DISTINCT component),
       SUM(days),
       SUM(ends_within AND outcome = 'failure'),
       SUM(ends_within AND outcome = 'suspension'),
       CAST(SUM(days) AS DECIMAL(30,10)) / NULLIF(SUM(ends_within AND outcome = 'failure'), 0)
FROM (SELECT system,
             component,
             outcome,
             GREATEST(0, DATEDIFF(LEAST(ended, %(end)s), GREATEST(began, %(begin)s))) AS days,
             ended >= %(begin)s AND ended < %(end)s                                     AS ends_within
      FROM component_life) AS lives
WHERE days > 0 OR ends_within
GROUP BY system
