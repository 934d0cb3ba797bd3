import type { AlarmKind, AlarmState, Counted, HistoryType, Origin } from '../api/alarms';
import type { IconName } from '../app/icons';

/** The words of alarms as people read them, with tone and icon. Colour never stands alone. */

export interface Mark {
  word: string;
  tone: 'good' | 'warn' | 'bad' | 'none';
  icon: IconName;
}

export const STATE_MARKS: Readonly<Record<AlarmState, Mark>> = {
  ALARM: { word: 'in alarm', tone: 'bad', icon: 'alarms' },
  INSUFFICIENT_DATA: { word: 'insufficient data', tone: 'none', icon: 'absent' },
  OK: { word: 'OK', tone: 'good', icon: 'ok' },
};

/** What the word on a point means. */
export const COUNTED_WORDS: Readonly<Record<Counted, string>> = {
  Breaching: 'breaching',
  NotBreaching: 'not breaching',
  LeftOut: 'left out, as there are newer points enough',
  Missing: 'missing',
  FilledBreaching: 'missing, counted as breaching',
  FilledNotBreaching: 'missing, counted as not breaching',
};

export const KIND_WORDS: Readonly<Record<AlarmKind, string>> = {
  metric: 'metric',
  rows: 'metric of entities',
  logs: 'log lines',
  sql: 'SQL',
  health: 'health',
  loss: 'loss',
  composite: 'composite',
};

export const ORIGIN_WORDS: Readonly<Record<Origin, string>> = {
  starter: 'starter set',
  file: 'file',
  api: 'made here',
};

export const HISTORY_WORDS: Readonly<Record<HistoryType, string>> = {
  StateUpdate: 'State',
  ConfigurationUpdate: 'Definition',
  Action: 'Notification',
};

export const SUPPRESSED_WORDS: Readonly<Record<'WaitPeriod' | 'ExtensionPeriod' | 'Alarm', string>> = {
  WaitPeriod: 'Notifications wait whether the suppressing alarm goes off.',
  ExtensionPeriod: 'The suppressing alarm ended a moment ago; notifications are still held.',
  Alarm: 'The suppressing alarm is in alarm, so notifications are held.',
};
