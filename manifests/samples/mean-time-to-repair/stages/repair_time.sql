-- Mean time to repair: the time of all repairs by their number.
INSERT INTO repair_time
SELECT line,
       machine,
       COUNT(*),
       SUM(repair),
       SUM(waiting),
       MAX(repair),
       SUM(repair) / COUNT(*),
       SUM(waiting + repair) / COUNT(*)
FROM (SELECT line,
             machine,
             TIMESTAMPDIFF(MINUTE, stopped_at, repair_began)    AS waiting,
             TIMESTAMPDIFF(MINUTE, repair_began, running_again) AS repair
      FROM breakdown) AS repairs
GROUP BY line, machine
