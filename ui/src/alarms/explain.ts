import type { Definition } from '../api/alarms';
import { dateTime, duration } from '../format/time';
import { bandParts, excludedSpans, needsBand, USUAL_WIDTH } from './band';
import { filterWords } from './filters';
import { formOf, isBanded } from './form';
import type { AlarmForm, FormKind } from './form';
import { commonPeriod, queryWords } from './queries';

/** Definitions in words. Pure. */

export const OPERATOR_WORDS: Readonly<Record<string, string>> = {
  GreaterThanThreshold: 'greater than the threshold',
  GreaterThanOrEqualToThreshold: 'greater than or equal to the threshold',
  LessThanThreshold: 'less than the threshold',
  LessThanOrEqualToThreshold: 'less than or equal to the threshold',
  LessThanLowerOrGreaterThanUpperThreshold: 'outside the band',
  LessThanLowerThreshold: 'below the band',
  GreaterThanUpperThreshold: 'above the band',
};

export const OPERATOR_SIGNS: Readonly<Record<string, string>> = {
  GreaterThanThreshold: '>',
  GreaterThanOrEqualToThreshold: '≥',
  LessThanThreshold: '<',
  LessThanOrEqualToThreshold: '≤',
};

export const TREATMENT_WORDS: Readonly<Record<string, string>> = {
  missing:
    'Missing points are looked past, with older points instead. When none is left, the state becomes insufficient data.',
  ignore: 'Missing points change nothing: without enough points, the state stays what it is.',
  breaching: 'A missing point counts as over the threshold. For what must always report.',
  notBreaching: 'A missing point counts as fine. For what is only there when something is wrong.',
};

/** `> 80 in 2 of 3 periods of 1 min`. Nothing for a composite alarm, which has its rule. */
export function condition(definition: Definition): string | null {
  const form = formOf(definition);
  if (form.kind === 'composite') return form.rule;
  const level = needsBand(form.operator)
    ? `${OPERATOR_WORDS[form.operator] ?? form.operator}${widthWords(form)}`
    : `${OPERATOR_SIGNS[form.operator] ?? form.operator} ${form.threshold || '?'}`;
  const { datapointsToAlarm: m, evaluationPeriods: n } = form;
  const seconds = Number(form.kind === 'math' ? (commonPeriod(form.queries) ?? '') : form.period);
  const period = seconds > 0 ? ` of ${duration(seconds)}` : '';
  return `${level} in ${m === n ? (n === '1' ? '1 period' : `${n} periods in a row`) : `${m} of ${n} periods`}${period}`;
}

/** `, 2 deviations wide` */
function widthWords({ queries }: AlarmForm): string {
  const parts = bandParts(queries.find((row) => row.band)?.expression ?? '');
  if (!parts) return '';
  const width = parts.width === '' ? USUAL_WIDTH : parts.width;
  return ` of ${width} ${width === '1' ? 'deviation' : 'deviations'}`;
}

export const KIND_TITLES: Readonly<Record<FormKind, string>> = {
  rows: 'A metric of many entities',
  metric: 'A Container Insights metric',
  math: 'Metric math',
  logs: 'Log lines',
  health: 'Health of entities',
  loss: 'Lost rows and lines',
  sql: 'SQL',
  composite: 'Other alarms',
};

export const KIND_HELP: Readonly<Record<FormKind, string>> = {
  rows: 'Each pod, workload or node that fits has a state of its own.',
  metric: 'One series with exactly these dimensions, as CloudWatch has it.',
  math: 'Several metrics, and what is reckoned from them. One of them is looked at.',
  logs: 'Counts the lines that fit in each period; 0 when none does.',
  health: 'The value is 1 while an entity is judged so, and 0 while it is not.',
  loss: 'Rows and lines that got lost in each period, as the ledgers count them.',
  sql: 'The columns time and value, and the rest as labels. $start, $end and $period are filled in.',
  composite: 'In alarm when its rule over other alarms is true.',
};

/** A definition as rows of a name and a text. */
export function readable(definition: Definition): (readonly [name: string, text: string])[] {
  const form = formOf(definition);
  const rows: (readonly [string, string])[] = [['About', KIND_TITLES[form.kind]]];
  const add = (name: string, text: string) => {
    if (text !== '') rows.push([name, text]);
  };
  const filters = form.filters.map(filterWords).join('; ');
  switch (form.kind) {
    case 'rows':
      add('Entity', form.entity);
      add('Metric', form.metric);
      add('Statistic', form.statistic);
      break;
    case 'metric':
      add('Metric', `${form.namespace} ${form.metricName}`);
      add('Dimensions', form.dimensions.map(({ name, value }) => `${name} = ${value}`).join('; '));
      add('Statistic', form.statistic);
      add('Unit', form.unit);
      break;
    case 'math':
      for (const row of form.queries.filter(({ band }) => !band))
        add(`${row.returned ? 'Looks at ' : ''}${row.id}${row.label === '' ? '' : ` (${row.label})`}`, queryWords(row));
      break;
    case 'logs':
      add('Lines that fit', form.logFilter === '' ? 'every line' : form.logFilter);
      break;
    case 'sql':
      add('Query', form.sql);
      break;
    case 'health':
      add('Kinds', form.healthKinds.join(', '));
      add('Verdicts', form.healthWords);
      add('At least', form.healthSeverity);
      break;
    case 'composite':
      add('Rule', form.rule);
      add('Suppressed by', form.suppressor);
      if (form.suppressor !== '')
        add('Waits', `${form.suppressorWait} s before, ${form.suppressorExtension} s after the suppressing alarm`);
      break;
    default:
  }
  add('Only where', filters);
  add('A state for each', form.groupBy.join(', '));
  if (form.kind !== 'composite') {
    add('In alarm when', condition(definition) ?? '');
    if (isBanded(form)) {
      const left = excludedSpans(form.detector).map(
        ({ start, end }) => `${dateTime(start, 'utc')} to ${dateTime(end, 'utc')} UTC`,
      );
      add('Not learned', left.join('; '));
      add('Hours of the band', form.detector.timezone);
    }
    add('Missing data', `${form.treatMissingData}: ${TREATMENT_WORDS[form.treatMissingData] ?? ''}`);
  }
  add('On alarm', form.alarmActions.join(', '));
  add('On OK', form.okActions.join(', '));
  add('On insufficient data', form.insufficientDataActions.join(', '));
  add('Notifications', form.actionsEnabled ? 'on' : 'off');
  add(
    'Tags',
    Object.entries(form.tags)
      .filter(([key]) => key !== 'runbook' && key !== 'summary')
      .map(([key, value]) => `${key} = ${value}`)
      .join('; '),
  );
  return rows;
}
