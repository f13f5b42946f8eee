-- One line for each month from %(first)s on, before %(end)s, whether the history has anything of it or not.
WITH RECURSIVE
    calendar (month) AS (SELECT CAST(%(first)s AS DATE)
                         UNION ALL
                         SELECT month + INTERVAL 1 MONTH FROM calendar WHERE month + INTERVAL 1 MONTH < %(end)s),
    kept AS (SELECT CAST(DATE_FORMAT(day, '%%Y-%%m-01') AS DATE) AS month, COUNT(*) AS days
             FROM production_day
             WHERE day >= %(first)s AND day < %(end)s
             GROUP BY 1),
    made AS (SELECT CAST(DATE_FORMAT(day, '%%Y-%%m-01') AS DATE) AS month,
                    SUM(good)                                   AS good,
                    SUM(scrap)                                  AS scrap,
                    SUM(good_seconds)                           AS good_seconds,
                    SUM(planned_minutes)                        AS planned_minutes
             FROM production_of_day
             WHERE day >= %(first)s AND day < %(end)s
             GROUP BY 1),
    failed AS (SELECT month, SUM(failures) AS failures, SUM(operating_days) AS operating_days
               FROM failure_rate_of_month
               WHERE month >= %(first)s AND month < %(end)s AND months = %(window)s
               GROUP BY month)
SELECT month,
       COALESCE(days, 0)                        AS days,
       COALESCE(days, 0) = DAY(LAST_DAY(month)) AS is_whole,
       good,
       scrap,
       good_seconds,
       planned_minutes,
       failures,
       operating_days
FROM calendar
LEFT JOIN kept USING (month)
LEFT JOIN made USING (month)
LEFT JOIN failed USING (month)
ORDER BY month
