-- Of the day that was computed, into the history. Sums and shares of months follow from these.
INSERT INTO production_of_day
SELECT %(day)s,
       p.line,
       p.shift,
       p.target,
       p.good,
       p.scrap,
       p.planned_minutes,
       p.stopped_minutes,
       p.good * s.cycle_seconds
FROM shift_production AS p
JOIN line_shift AS s USING (line, shift)
