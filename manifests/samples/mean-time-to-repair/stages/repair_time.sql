-- Mean time to repair: the time of all repairs by their number.
-- The casts: a quotient of integers has four decimal places, and would be rounded twice.
INSERT INTO repair_time
SELECT line,
       machine,
       COUNT(*),
       SUM(repair),
       SUM(waiting),
       MAX(repair),
       CAST(SUM(repair) AS DECIMAL(30,10)) / COUNT(*),
       CAST(SUM(waiting + repair) AS DECIMAL(30,10)) / COUNT(*)
FROM (SELECT line,
             machine,
             TIMESTAMPDIFF(MINUTE, stopped_at, repair_began)    AS waiting,
             TIMESTAMPDIFF(MINUTE, repair_began, running_again) AS repair
      FROM breakdown) AS repairs
GROUP BY line, machine
