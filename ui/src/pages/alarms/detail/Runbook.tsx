/** What to do about it, as the tags of the alarm say. */
export function Runbook({ tags }: { tags: Readonly<Record<string, string>> }) {
  const { runbook = '', summary = '' } = tags;
  if (runbook === '' && summary === '') return null;
  // Only an address of the web is a link: a text from elsewhere is never trusted to be one.
  const address = /^https?:\/\/\S+$/.test(runbook);
  return (
    <section class="card runbook" aria-label="Runbook">
      <h2>What to do</h2>
      {summary !== '' && <p>{summary}</p>}
      {runbook !== '' &&
        (address ? (
          <p>
            <a href={runbook} target="_blank" rel="noreferrer">
              {runbook}
            </a>
          </p>
        ) : (
          <p class="runbook-text">{runbook}</p>
        ))}
    </section>
  );
}
