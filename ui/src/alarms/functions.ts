/** The functions of metric math, with what each does. The server's list is `crates/metric_math/src/function.rs`. */

export interface MathFunction {
  name: string;
  /** What stands in its parentheses. */
  takes: string;
  does: string;
}

const of = (name: string, takes: string, does: string): MathFunction => ({ name, takes, does });

export const FUNCTIONS: readonly MathFunction[] = [
  of('ABS', 'series', 'Each point without its sign.'),
  of('ANOMALY_DETECTION_BAND', 'series, width', 'What is expected, so many deviations wide.'),
  of('AVG', 'series', 'The mean: of all points of one series, of several at each time.'),
  of('CEIL', 'series', 'Rounds up.'),
  of('DATAPOINT_COUNT', 'series', 'How many points there are.'),
  of('DATE', 'series', 'The day of the month of each point, 1 to 31.'),
  of('DAY', 'series', 'The day of the week of each point: 1 is Monday, 7 Sunday.'),
  of('DIFF', 'series', 'Each point less the one before.'),
  of('DIFF_TIME', 'series', 'Seconds from the point before.'),
  of('EPOCH', 'series', 'When each point is, in seconds since 1970.'),
  of('FILL', 'series, value', 'Fills missing points with a number, a series, REPEAT or LINEAR.'),
  of('FIRST', '[series, …]', 'The first series of several.'),
  of('FLOOR', 'series', 'Rounds down.'),
  of('HOUR', 'series', 'The hour of each point, 0 to 23.'),
  of('IF', 'condition, then, else', 'One value where the condition holds, the other where it does not.'),
  of('LAST', '[series, …]', 'The last series of several.'),
  of('LOG', 'series', 'The natural logarithm.'),
  of('LOG10', 'series', 'The logarithm to base 10.'),
  of('MAX', 'series', 'The highest: of all points of one series, of several at each time.'),
  of('METRIC_COUNT', '[series, …]', 'How many series there are.'),
  of('METRICS', '"prefix"', 'All metrics, or those whose id begins so.'),
  of('MIN', 'series', 'The lowest: of all points of one series, of several at each time.'),
  of('MINUTE', 'series', 'The minute of each point, 0 to 59.'),
  of('MONTH', 'series', 'The month of each point, 1 to 12.'),
  of('PERIOD', 'metric', 'The period of a metric, in seconds.'),
  of('RATE', 'series', 'The change of each point from the one before, in a second.'),
  of('REMOVE_EMPTY', '[series, …]', 'Leaves out series without a point.'),
  of('RUNNING_SUM', 'series', 'Each point with all before it added up.'),
  of('SLICE', '[series, …], from, to', 'Some of several series.'),
  of('SORT', '[series, …], by, order, count', 'Several series in an order: SORT(METRICS(), MAX, DESC, 5).'),
  of('STDDEV', 'series', 'The standard deviation: of one series, of several at each time.'),
  of('SUM', 'series', 'The sum: of all points of one series, of several at each time.'),
  of('TIME_SERIES', 'number', 'A series that has this value everywhere.'),
  of('YEAR', 'series', 'The year of each point.'),
];
