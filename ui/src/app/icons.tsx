/** Line icons, 16 × 16, drawn here so that no file and no font has to be fetched. Always beside a word or a label. */

/** The strokes of each icon, for the canvas of a chart too. */
export const PATHS = {
  overview: 'M2 2h5v6H2zM9 2h5v3H9zM9 7h5v7H9zM2 10h5v4H2z',
  map: 'M2 2h3v3H2zM6.5 2h3v3h-3zM11 2h3v3h-3zM2 6.5h3v3H2zM6.5 6.5h3v3h-3zM11 6.5h3v3h-3zM2 11h3v3H2zM6.5 11h3v3h-3z',
  nodes: 'M2 3h12v4H2zM2 9h12v4H2zM4.5 5h.01M4.5 11h.01',
  pods: 'M8 1.5l5.5 3.2v6.6L8 14.5l-5.5-3.2V4.7zM8 8v6.5M8 8l5.5-3.3M8 8L2.5 4.7',
  containers: 'M2 5l6-3 6 3v6l-6 3-6-3zM2 5l6 3 6-3M8 8v6',
  namespaces: 'M2 5V2h3M11 2h3v3M14 11v3h-3M5 14H2v-3M5.5 5.5h5v5h-5z',
  workloads: 'M6 2h4v4H6zM2 10h4v4H2zM10 10h4v4h-4zM8 6v2M4 10V8h8v2',
  services: 'M8 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM8 1.5v4M8 10.5v4M1.5 8h4M10.5 8h4',
  volumes:
    'M2.5 4c0-1.2 2.5-2 5.5-2s5.5.8 5.5 2-2.5 2-5.5 2-5.5-.8-5.5-2zM2.5 4v8c0 1.2 2.5 2 5.5 2s5.5-.8 5.5-2V4M2.5 8c0 1.2 2.5 2 5.5 2s5.5-.8 5.5-2',
  deploy: 'M8 10.5V2.5M4.5 6L8 2.5 11.5 6M3 13.5h10',
  scale: 'M5.5 3L2 8l3.5 5M10.5 3L14 8l-3.5 5M2 8h12',
  restart: 'M13 8a5 5 0 1 1-1.5-3.6M13 2v3h-3',
  exits: 'M6.5 2H3v12h3.5M9.5 5l3 3-3 3M12.5 8H6',
  sources: 'M3 2h7l3 3v9H3zM10 2v3h3M5.5 8h5M5.5 10.5h5',
  cost: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM10 6.2C9.6 5.4 8.9 5.2 8 5.2c-1.2 0-2 .5-2 1.4 0 2 4 .9 4 2.9 0 .9-.8 1.4-2 1.4-.9 0-1.6-.3-2-1M8 4v8',
  status: 'M1.5 8h3l2-5 3 10 2-5h3',
  logs: 'M2 3.5h12M2 6.5h8M2 9.5h12M2 12.5h6',
  alarms: 'M3.5 11.5h9l-1.2-1.8V7a3.3 3.3 0 0 0-6.6 0v2.7zM6.7 13.8h2.6M8 2v1.7',
  silence: 'M4.7 9.7V7a3.3 3.3 0 0 1 5-2.8M11.3 8v1.7l1.2 1.8h-7M6.7 13.8h2.6M2.5 2.5l11 11',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  download: 'M8 2v8M4.5 7L8 10.5 11.5 7M3 13.5h10',
  link: 'M6.5 9.5l3-3M7 4.5l1.5-1.5a3 3 0 0 1 4.5 4L11.5 8.5M9 11.5L7.5 13a3 3 0 0 1-4.5-4L4.5 7.5',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.5 10.5L14 14',
  table: 'M2 3h12v10H2zM2 6.5h12M2 10h12M6.5 3v10',
  chart: 'M2 2v12h12M4.5 10l3-4 2.5 2.5L14 4',
  more: 'M3 8h.01M8 8h.01M13 8h.01',
  left: 'M10 3L5 8l5 5',
  right: 'M6 3l5 5-5 5',
  down: 'M4 6l4 4 4-4',
  up: 'M4 10l4-4 4 4',
  close: 'M4 4l8 8M12 4l-8 8',
  clock: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 4.5V8l2.5 1.5',
  sun: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  moon: 'M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5z',
  auto: 'M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12',
  help: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM6.2 6.2a1.8 1.8 0 1 1 2.6 1.6c-.5.3-.8.6-.8 1.2M8 11.2h.01',
  menu: 'M2 4h12M2 8h12M2 12h12',
  ok: 'M3 8.5l3.5 3.5L13 4.5',
  warn: 'M8 2l6.5 11.5h-13zM8 6.5v3M8 11.5h.01',
  bad: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM5.5 5.5l5 5M10.5 5.5l-5 5',
  absent: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM5 8h6',
  play: 'M5 3l8 5-8 5z',
  pause: 'M5 3v10M11 3v10',
  widen: 'M6.5 2.5a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM9.5 9.5L14 14M4.5 6.5h4',
  copy: 'M5 5h8v9H5zM3 11V2h8',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
