import { describe, expect, it } from 'vitest';
import type { AccessLogItem, DocumentItem } from '../../../electron/contract/portal/items.ts';
import { loadText } from '../../../renderer/app/text.tsx';
import { accessLanes } from '../../../renderer/pages/data/access-lanes.ts';
import { documentState, shareLeft } from '../../../renderer/pages/data/document-state.ts';
import { asCsv, asJson, asText, fileName } from '../../../renderer/pages/data/saving.ts';
import { searchable } from '../../../renderer/pages/data/values.ts';
import { answers } from '../../../renderer/test-support/people.ts';

const plain = { sensitive: false, simulated: false };

describe('saving', () => {
  it('writes tables with heads in words, quoted where need be', async () => {
    const { documents } = answers();
    const csv = asCsv(
      { ...documents, items: [{ ...(documents.items[0] as DocumentItem), issue_place: 'ASP, "CM" 2' }] },
      await loadText('ro'),
      plain,
    );
    const [head, row, end] = csv.split('\r\n');
    expect(head).toBe(
      '\ufeffTipul documentului,Seria,Număr,Data eliberării,Locul eliberării,Statutul,Data expirării',
    );
    expect(row).toMatch(
      /^Buletin de identitate electronic,B,50000021,\d\d\.\d\d\.\d{4},"ASP, ""CM"" 2",Valabil,/,
    );
    expect(end).toBe('');
  });

  it.each(['=HYPERLINK("x")', '+1', '-1', '@SUM(A1)'])(
    'lets no spreadsheet take %s for a formula',
    async (evil) => {
      const { vehicles } = answers();
      const items = vehicles.items.slice(0, 1).map((item) => ({ ...item, make: evil }));
      const csv = asCsv({ ...vehicles, items }, await loadText('en'), plain);
      expect(csv.split('\r\n')[1]).toMatch(/^"?'/);
    },
  );

  it('leaves out what is hidden until it is shown', async () => {
    const { personal } = answers();
    const text = await loadText('ro');
    for (const saved of [
      asCsv(personal, text, plain),
      asJson(personal, plain),
      asText(personal, text, plain),
    ]) {
      expect(saved).toContain('2500000000021');
      expect(saved).not.toContain('A+');
    }
    expect(asJson(personal, { ...plain, sensitive: true })).toContain('"blood_group": "A+"');
  });

  it('says of invented data that they are, in name and content', async () => {
    const { vehicles } = answers();
    const simulated = { ...plain, simulated: true };
    expect(JSON.parse(asJson(vehicles, simulated))).toMatchObject({ simulated: true, service: 'vehicles' });
    expect(asCsv(vehicles, await loadText('ro'), simulated).split('\r\n')[1]).toMatch(/,SIMULAT$/);
    expect(fileName('vehicles', 'csv', new Date('2026-11-22T10:00:00Z'), true)).toBe(
      'SIMULAT-buletin-vehicles-2026-11-22.csv',
    );
  });
});

describe('documents', () => {
  const now = new Date('2026-10-20T12:00:00');
  const item = (status: string, expiry: string | null): DocumentItem => ({
    series: 'AB',
    number: '5000021',
    issue_date: '2016-12-06',
    issue_place: 'ASP',
    status,
    expiry_date: expiry,
    doc_type: 'PA',
  });

  it.each([
    ['valabil', '2026-12-06', { current: true, soon: true, status: 'soon', days: 47 }],
    ['valabil', '2033-03-12', { current: true, soon: false, status: 'valid' }],
    ['valabil', null, { current: true, status: 'valid', days: null }],
    ['valabil', '2026-10-20', { current: true, soon: true, days: 0 }],
    ['valabil', '2026-10-19', { current: false, status: 'expired' }],
    ['furat', '2033-03-12', { current: false, status: 'revoked', tone: 'bad' }],
    ['ce-o fi', '2033-03-12', { current: false, status: 'unknown' }],
  ])('%s until %s', (status, expiry, state) => {
    expect(documentState(item(status, expiry), now)).toMatchObject(state);
  });

  it('have a share of their time left, between none and all', () => {
    expect(shareLeft(item('valabil', null), now)).toBeNull();
    expect(shareLeft(item('valabil', '2020-01-01'), now)).toBe(0);
    expect(shareLeft(item('valabil', '2036-09-03'), now)).toBeCloseTo(0.5, 2);
    expect(shareLeft(item('valabil', '2010-01-01'), now)).toBe(0);
  });
});

describe('accesses', () => {
  it('stand in lanes of institutions by month, the busiest first', () => {
    const access = (operator: string, time: string): AccessLogItem => ({
      operator,
      time,
      action: 'Access',
      legal_basis: null,
      reason: null,
      user: null,
      object: null,
    });
    const { months, lanes } = accessLanes(
      [
        access('B', '2026-10-05T10:00:00Z'),
        access('A', '2026-10-06T10:00:00Z'),
        access('A', '2026-10-07T10:00:00Z'),
        access('A', '2025-11-15T10:00:00Z'),
        access('A', '2020-01-15T10:00:00Z'),
      ],
      new Date('2026-10-20T12:00:00'),
    );
    expect([months[0]?.getFullYear(), months[0]?.getMonth(), months.length]).toEqual([2025, 10, 12]);
    expect(lanes).toEqual([
      {
        operator: 'A',
        count: 4,
        marks: [
          { month: 0, count: 1 },
          { month: 11, count: 2 },
        ],
      },
      { operator: 'B', count: 1, marks: [{ month: 11, count: 1 }] },
    ]);
  });

  it('are found without marks on letters', () => {
    expect(searchable('Primăria Chișinău, Ștefan')).toBe('primaria chisinau, stefan');
  });
});
