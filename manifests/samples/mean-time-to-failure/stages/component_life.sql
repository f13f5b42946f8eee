INSERT INTO component_life (number, component, system, began, ended, outcome)
SELECT number,
       component,
       system,
       date,
       COALESCE(next_date, last_date),
       CASE WHEN next_date IS NULL THEN 'running' WHEN next_suspension THEN 'suspension' ELSE 'failure' END
FROM (SELECT number,
             component,
             system,
             date,
             LEAD(date)       OVER lives                   AS next_date,
             LEAD(suspension) OVER lives                   AS next_suspension,
             MAX(date)        OVER (PARTITION BY excavator) AS last_date
      FROM work_order
      WINDOW lives AS (PARTITION BY component ORDER BY date, number)) AS ordered
