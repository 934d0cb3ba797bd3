import { path, query, queryText, patched, address } from '../../routes/location';

export interface Tab {
  id: string;
  label: string;
  count?: number | null;
  /** Of a tab that is a page of its own. */
  href?: string;
}

/** The tabs of a page: links, so that each is an address of its own. The first is the page's own address. */
export function Tabs({ tabs, label }: { tabs: readonly Tab[]; label: string }) {
  const open = openTab(tabs);
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map((tab, index) => (
        <a
          key={tab.id}
          href={
            tab.href ??
            address(path.value) +
              queryText(patched(query.value, { tab: index === 0 ? null : tab.id, sort: null, q: null, table: null }))
          }
          {...(tab.id === open ? { 'aria-current': 'page' as const } : {})}
        >
          {tab.label}
          {tab.count !== undefined && tab.count !== null && <span class="badge num">{tab.count}</span>}
        </a>
      ))}
    </nav>
  );
}

/** The tab that the address names, else the first. */
export function openTab(tabs: readonly Tab[]): string {
  const wanted = query.value.get('tab');
  return tabs.find((tab) => tab.id === wanted)?.id ?? tabs[0]?.id ?? '';
}
