import type { AlarmForm } from '../../../alarms/form';
import type { Judgement } from './useJudgement';

/** What every part of the form is given. */
export interface Part {
  form: AlarmForm;
  set: (change: Partial<AlarmForm>) => void;
  judged: Judgement;
}
