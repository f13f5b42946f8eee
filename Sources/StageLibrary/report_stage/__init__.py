"""For the stages of the report operator.

    from report_stage import results, stage

`stage` says what this stage was asked for and how it ends, `results` publishes rows, `columns` checks them.
`warehouse` and `staging` are for those who stage in a MariaDB, `table` prints a table to the log. See
docs/writing-a-stage.md.
"""
