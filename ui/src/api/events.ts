/** One server-sent event. */
export interface ServerEvent {
  event: string;
  data: string;
}

/**
 * Reads `text/event-stream` piece by piece, wherever the pieces are cut: also between the bytes of a character and
 * between CR and LF. Comments, which keep the connection alive, give nothing.
 */
export class EventReader {
  #decoder = new TextDecoder();
  #rest = '';
  #event = '';
  #data: string[] = [];
  /** The last piece ended with CR: an LF at the begin of the next one belongs to it. */
  #return = false;

  /** The events that are complete with these bytes. */
  push(bytes: Uint8Array): ServerEvent[] {
    let text = this.#decoder.decode(bytes, { stream: true });
    if (text === '') return [];
    if (this.#return && text.startsWith('\n')) text = text.slice(1);
    this.#return = text.endsWith('\r');
    const lines = (this.#rest + text).split(/\r\n|\n|\r/);
    this.#rest = lines.pop() ?? '';
    const found: ServerEvent[] = [];
    for (const line of lines) {
      const event = this.#line(line);
      if (event) found.push(event);
    }
    return found;
  }

  #line(line: string): ServerEvent | null {
    if (line === '') {
      const event = this.#data.length > 0 ? { event: this.#event || 'message', data: this.#data.join('\n') } : null;
      this.#event = '';
      this.#data = [];
      return event;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#event = value;
    else if (field === 'data') this.#data.push(value);
    return null;
  }
}
