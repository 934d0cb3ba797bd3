import { ansiPieces, stripAnsi } from '../../logs/ansi';

/** A message as it is shown: escape sequences as colours or left out, cut where it is far longer than a screen. */
export function Message({ text, colours, most }: { text: string; colours: boolean; most: number }) {
  const cut = text.length > most;
  const shown = cut ? text.slice(0, most) : text;
  const rest = cut && <span class="muted"> … {(text.length - most).toLocaleString('en-GB')} more characters</span>;
  if (!colours)
    return (
      <>
        {stripAnsi(shown)}
        {rest}
      </>
    );
  const pieces = ansiPieces(shown);
  return (
    <>
      {pieces.map((piece, index) =>
        piece.class === undefined ? (
          piece.text
        ) : (
          <span key={index} class={piece.class}>
            {piece.text}
          </span>
        ),
      )}
      {rest}
    </>
  );
}
