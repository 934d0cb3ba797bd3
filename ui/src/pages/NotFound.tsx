import { Page } from '../app/Page';
import { link } from '../routes/links';
import { path } from '../routes/location';
import { Empty } from './parts/Empty';

export function NotFound() {
  return (
    <Page title="Not found">
      <Empty title="There is no such page">
        <p>
          <code>{path.value}</code> leads nowhere. <a href={link('/')}>Go to the overview</a>, or press <kbd>Ctrl</kbd>{' '}
          <kbd>K</kbd> to search.
        </p>
      </Empty>
    </Page>
  );
}
