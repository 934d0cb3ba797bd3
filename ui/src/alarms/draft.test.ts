import { describe, expect, it } from 'vitest';
import { alarmOn, alarmPeriod, draftOf, draftText } from './draft';

describe('a draft in an address', () => {
  it('comes back as it was, whatever is in it', () => {
    const definition = {
      AlarmName: 'a & b=c #1 "ü"',
      Source: { Sql: { Query: 'select 1 + 1 -- %20' } },
      Threshold: 1e-7,
    };
    const query = new URLSearchParams({ draft: draftText(definition) });
    expect(draftOf(new URLSearchParams(query.toString()))).toEqual(definition);
  });

  it('is none where it is no object', () => {
    for (const text of ['', '{', '[]', 'null', '3', '"x"']) {
      expect(draftOf(new URLSearchParams({ draft: text })), text).toBeNull();
    }
    expect(draftOf(new URLSearchParams())).toBeNull();
  });
});

describe('an alarm on a chart', () => {
  it('is on the first metric of the same entities', () => {
    const made = alarmOn(
      {
        entity: 'pod',
        metrics: [
          { metric: 'memory_working_set_bytes', statistic: 'Total' },
          { metric: 'memory_limit_bytes', statistic: 'Average' },
        ],
        filters: { namespace: ['shop'], workload: ['web'] },
        group_by: ['pod'],
        start: '',
        end: '',
        period_seconds: 10,
        limit: 7,
      },
      'Memory',
    );
    expect(made).toMatchObject({
      AlarmName: 'web Memory',
      Period: 60,
      Source: {
        Rows: {
          Entity: 'pod',
          Metric: 'memory_working_set_bytes',
          // No statistic of an alarm adds means up: each pod is told of by itself.
          Statistic: 'Average',
          Filters: { namespace: ['shop'], workload: ['web'] },
          GroupBy: ['pod', 'namespace'],
        },
      },
    });
  });

  it('takes periods that alarms may have', () => {
    expect([1, 10, 15, 30, 45, 60, 90, 300, 10800].map(alarmPeriod)).toEqual([10, 10, 20, 30, 60, 60, 120, 300, 10800]);
  });
});
