-- OEE: the three factors multiplied before they are rounded. Without any piece it is 0, whatever the factors are.
INSERT INTO shift_production
SELECT line,
       shift,
       target,
       good,
       scrap,
       planned,
       stopped,
       good / NULLIF(target, 0),
       (planned - stopped) / NULLIF(planned, 0),
       (good + scrap) * cycle_seconds / (60 * NULLIF(planned - stopped, 0)),
       good / NULLIF(good + scrap, 0),
       COALESCE((planned - stopped) * (good + scrap) * cycle_seconds * good
                / (planned * 60 * NULLIF(planned - stopped, 0) * NULLIF(good + scrap, 0)), 0)
FROM (SELECT s.*,
             TIMESTAMPDIFF(MINUTE, s.starts, s.ends) - TIMESTAMPDIFF(MINUTE, s.break_starts, s.break_ends) AS planned,
             -- What a stop takes of the shift, less what it takes of the break.
             COALESCE(SUM(
                 GREATEST(0, TIMESTAMPDIFF(MINUTE, GREATEST(t.stopped_at, s.starts), LEAST(t.running_again, s.ends)))
                 - GREATEST(0, TIMESTAMPDIFF(MINUTE, GREATEST(t.stopped_at, s.break_starts),
                                             LEAST(t.running_again, s.break_ends)))), 0)                   AS stopped
      FROM line_shift AS s
      LEFT JOIN line_stop AS t ON t.line = s.line AND t.stopped_at < s.ends AND t.running_again > s.starts
      GROUP BY s.line, s.shift) AS shifts
