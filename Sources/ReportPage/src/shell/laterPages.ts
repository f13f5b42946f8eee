/** Pages that are seldom the first of somebody's visit, in one part of the bundle that is loaded when first needed. */
export { default as HistoryPage } from '../history/HistoryPage';
export { default as ReportPage } from '../report/ReportPage';
export { default as SchedulePage } from '../schedules/SchedulePage';
export { default as SchedulesPage } from '../schedules/SchedulesPage';
